import { openText, sealOf, sealText, type Seal } from "./seal.ts";

const family = "strongroom.draft.";

let seal: Seal | undefined;
const drafts = new Map<string, unknown>();
/** Where each draft lies in the browser's store; its own name would tell others what was worked on. */
const places = new Map<string, string>();
const listeners = new Set<() => void>();
let writing: Promise<void> = Promise.resolve();

/** Opens what this user typed here and did not save. Nobody else's can be opened by his key. */
export async function openDrafts(secret: string): Promise<void> {
  closeDrafts();
  seal = await sealOf(secret);
  for (const place of Object.keys(localStorage).filter(isMine)) await take(place);
  tell();
}

/** From now on nothing of it is in memory; the sealed texts stay where they are. */
export function closeDrafts(): void {
  seal = undefined;
  drafts.clear();
  places.clear();
  tell();
}

export const draftNamed = (name: string): unknown => drafts.get(name);

export function draftsUnder(start: string): [name: string, draft: unknown][] {
  return [...drafts].filter(([name]) => name.startsWith(start));
}

/** Undefined takes the draft away. */
export function putDraft(name: string, draft: unknown): void {
  if (draft === undefined) drafts.delete(name);
  else drafts.set(name, draft);
  tell();
  writing = writing.then(() => write(name));
}

export function onDrafts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}

const isMine = (place: string): boolean => seal !== undefined && place.startsWith(`${family}${seal.name}.`);

async function write(name: string): Promise<void> {
  const sealedBy = seal;
  if (!sealedBy) return;
  const known = places.get(name);
  if (!drafts.has(name)) {
    if (known) localStorage.removeItem(known);
    places.delete(name);
    return;
  }
  const place = known ?? `${family}${sealedBy.name}.${crypto.randomUUID()}`;
  const sealed = await sealText(sealedBy, JSON.stringify({ name, draft: drafts.get(name) }));
  if (seal !== sealedBy) return;
  places.set(name, place);
  try {
    localStorage.setItem(place, sealed);
  } catch {
    // A full or forbidden store loses the draft on reload only; what is typed stays on the page.
  }
}

async function take(place: string): Promise<void> {
  const sealed = localStorage.getItem(place);
  const text = seal && sealed && (await openText(seal, sealed));
  if (!text) return;
  const { name, draft } = JSON.parse(text) as { name: string; draft: unknown };
  places.set(name, place);
  drafts.set(name, draft);
}

// What the same user types or saves in another tab.
window.addEventListener("storage", ({ key, newValue }) => {
  if (!key || !isMine(key)) return;
  if (newValue !== null) return void take(key).then(tell);
  for (const [name, place] of places) if (place === key) drafts.delete(name);
  tell();
});
