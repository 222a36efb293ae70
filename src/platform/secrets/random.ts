import { randomBytes } from "node:crypto";

const base32 = "abcdefghijklmnopqrstuvwxyz234567";

/** A lower-case identifier of 130 random bits: the given letter, then 26 characters of base32. */
export function randomName(prefix: string): string {
  // 256 is a multiple of 32, so the low five bits of a random byte favour no character.
  return prefix + Array.from(randomBytes(26), (byte) => base32.charAt(byte & 31)).join("");
}

/** 192 random bits as 32 characters that need no quoting in a file, a URL or SQL. */
export function randomPassword(): string {
  return randomBytes(24).toString("base64url");
}
