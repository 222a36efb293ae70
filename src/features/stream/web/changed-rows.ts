import { useSyncExternalStore } from "react";

const glowSeconds = 4;
const changed = new Set<string>();
const listeners = new Set<() => void>();

const tell = () => {
  for (const listener of listeners) listener();
};

/** Marks a row that somebody else has just changed; the mark fades by itself. */
export function markChanged(module: string, id: string): void {
  const name = `${module}:${id}`;
  changed.add(name);
  tell();
  setTimeout(() => {
    changed.delete(name);
    tell();
  }, glowSeconds * 1000);
}

export function useJustChanged(module: string, id: string): boolean {
  return useSyncExternalStore(subscribe, () => changed.has(`${module}:${id}`));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
