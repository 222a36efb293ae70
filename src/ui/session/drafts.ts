import { useCallback, useSyncExternalStore } from "react";
import { draftNamed, onDrafts, putDraft } from "./draft-store.ts";

/**
 * Something typed and not yet saved. It outlives a reload, a lost connection, an expired session and a
 * sign-out, and is sealed to the user who typed it. A component holds one name for life.
 */
export function useDraft<T>(name: string, start: T): [T, (next: T) => void, () => void, boolean] {
  const draft = useSyncExternalStore(onDrafts, () => draftNamed(name)) as T | undefined;
  const keep = useCallback((next: T) => putDraft(name, next), [name]);
  const forget = useCallback(() => putDraft(name, undefined), [name]);
  return [draft ?? start, keep, forget, draft !== undefined];
}
