import { ApiError, send, refusalOf } from "./ask.ts";

/** Kept in this page's own memory before the browser takes it over. */
const heldBytes = 4 * 1024 * 1024;

/** Lines of CSV so far: those that end outside a quoted cell. */
export class LineCount {
  lines = 0;
  #quoted = false;

  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === 0x22) this.#quoted = !this.#quoted;
      else if (byte === 0x0a && !this.#quoted) this.lines += 1;
    }
  }
}

type Watch = { signal: AbortSignal; onBytes: (bytes: Uint8Array) => void };

/** A file of any size that the server makes. Throws ApiError "cut" when it ended before it was whole. */
export async function askFile(path: string, body: unknown, { signal, onBytes }: Watch): Promise<Blob> {
  const response = await send("POST", path, { body, signal });
  if (!response.ok) throw await refusalOf(response);
  const type = response.headers.get("content-type") ?? "";
  let held: Uint8Array<ArrayBuffer>[] = [];
  let heldLength = 0;
  let whole = new Blob([], { type });
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read().catch(() => {
      signal.throwIfAborted();
      throw new ApiError(0, { code: "cut" });
    });
    if (part === undefined || part.done) return new Blob([whole, ...held], { type });
    onBytes(part.value);
    held.push(part.value);
    heldLength += part.value.length;
    if (heldLength < heldBytes) continue;
    whole = new Blob([whole, ...held], { type });
    held = [];
    heldLength = 0;
  }
}

/** Puts a file where the browser puts what it loads down. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
