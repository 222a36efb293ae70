import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from "node:crypto";

const algorithm = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts with AES-256-GCM. `context` (for example a tenant's id) is bound to the result: unsealing
 * with another context fails, so that sealed texts cannot be swapped between rows.
 * Shape: `v1.` + base64url(iv · tag · ciphertext).
 */
export function seal(key: KeyObject, plain: string, context: string): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(context));
  const encrypted = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return `v1.${Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString("base64url")}`;
}

/** Throws when the key, the context or a single bit is not the one that was sealed. */
export function unseal(key: KeyObject, sealed: string, context: string): string {
  if (!sealed.startsWith("v1.")) throw new Error("This sealed text has a form this version does not know.");
  const bytes = Buffer.from(sealed.slice(3), "base64url");
  // The last character may carry bits that belong to no byte: of the several ways to write the same bytes one counts.
  if (bytes.toString("base64url") !== sealed.slice(3)) throw unauthentic();
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  const plain = decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, "utf8");
  try {
    return plain + decipher.final("utf8");
  } catch {
    throw unauthentic();
  }
}

const unauthentic = (): Error =>
  new Error("This sealed text does not open: another key or context sealed it, or it was changed.");
