import { createHash, randomBytes } from "node:crypto";

/** 256 random bits in 43 characters; the database keeps only their hash. */
export const newToken = (): string => randomBytes(32).toString("base64url");

/** As the tenant's database hashes it: SHA-256 of the token's text. */
export const tokenHash = (token: string): Buffer => createHash("sha256").update(token).digest();
