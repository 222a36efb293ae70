const ivBytes = 12;
const form = "s1.";

/** A user's own key for what his browser keeps, and the name under which only he finds it. */
export type Seal = { name: string; key: CryptoKey };

/** Undefined where the browser gives no cryptography: on an address that is neither https nor localhost. */
export async function sealOf(secret: string): Promise<Seal | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const bytes = Uint8Array.from(atob(secret), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return {
    name: Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(""),
    key,
  };
}

/** AES-256-GCM. Shape: `s1.` + base64(iv · ciphertext · tag). */
export async function sealText({ key }: Seal, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(text));
  const bytes = new Uint8Array(ivBytes + sealed.byteLength);
  bytes.set(iv);
  bytes.set(new Uint8Array(sealed), ivBytes);
  return form + btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Undefined when another key sealed it, or it was changed. */
export async function openText({ key }: Seal, sealed: string): Promise<string | undefined> {
  try {
    const bytes = Uint8Array.from(atob(sealed.slice(form.length)), (letter) => letter.charCodeAt(0));
    const iv = bytes.subarray(0, ivBytes);
    const open = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, bytes.subarray(ivBytes));
    return new TextDecoder().decode(open);
  } catch {
    return undefined;
  }
}
