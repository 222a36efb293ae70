import { useCallback, useState } from "react";
import { useSession } from "./session.tsx";

const prefix = "strongroom.draft.";

/**
 * Something typed and not yet saved. It outlives a reload, a lost connection and an expired session,
 * belongs to the user who typed it, and is gone once he signs out. A component holds one name for life.
 */
export function useDraft<T>(name: string, start: T): [T, (next: T) => void, () => void, boolean] {
  const session = useSession();
  const key = `${prefix}${session.user.id}.${name}`;
  const [draft, setDraft] = useState<T | undefined>(() => read<T>(key));
  const keep = useCallback(
    (next: T) => {
      setDraft(next);
      write(key, next);
    },
    [key],
  );
  const forget = useCallback(() => {
    setDraft(undefined);
    localStorage.removeItem(key);
  }, [key]);
  return [draft ?? start, keep, forget, draft !== undefined];
}

export function forgetDrafts(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
}

function read<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

function write(key: string, draft: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // A full or forbidden store loses the draft on reload only; what is typed stays on the page.
  }
}
