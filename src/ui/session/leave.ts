import type { QueryClient } from "@tanstack/react-query";
import { keys } from "../api/keys.ts";
import { closeDrafts } from "./draft-store.ts";

const listeners = new Set<() => void>();
/** What belongs to the browser rather than to a person. */
const ofTheBrowser = new Set(["strongroom.language", "strongroom.colour-scheme"]);
const drafts = "strongroom.draft.";

/** Calls back when a session has ended, to drop what was remembered of it. */
export function onLeave(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Nothing of the last user is left on the page or in the browser but his drafts, sealed to him. */
export function leaveSession(client: QueryClient): void {
  closeDrafts();
  for (const listener of listeners) listener();
  client.setQueryData(keys.session, null);
  void client.cancelQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] });
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] });
  client.getMutationCache().clear();
  sessionStorage.clear();
  for (const name of Object.keys(localStorage))
    if (!ofTheBrowser.has(name) && !name.startsWith(drafts)) localStorage.removeItem(name);
}

// A page that "Back" would show again as it stood may be another's by then: it shows nothing until asked anew.
window.addEventListener("pagehide", ({ persisted }) => {
  document.documentElement.hidden = persisted;
});
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});
