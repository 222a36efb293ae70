import { useEffect, useRef } from "react";

type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

/** Single keys, or two typed after each other as in "g o". They rest while somebody types or a dialog is open. */
export function useShortcuts(shortcuts: Shortcuts, active = true): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    if (!active) return;
    const listener = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isBusy(event)) return;
      const shortcut = current.current[combination];
      if (!shortcut) return;
      event.preventDefault();
      shortcut(event);
    };
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, [active]);
}

const leadMilliseconds = 1200;
let leadAt = Number.NEGATIVE_INFINITY;
let combination = "";

// Runs before every listener above, so that all of them see the same combination.
document.addEventListener(
  "keydown",
  (event) => {
    const follows = event.key !== "g" && event.timeStamp - leadAt < leadMilliseconds;
    combination = follows ? `g ${event.key}` : event.key;
    leadAt = event.key === "g" && !isBusy(event) ? event.timeStamp : Number.NEGATIVE_INFINITY;
  },
  { capture: true },
);

function isBusy(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  if (target?.closest("input, textarea, select, [contenteditable=true], [role=menu], [role=listbox]"))
    return true;
  return (
    document.querySelector("[role=dialog][aria-modal=true]") !== null && !target?.closest("[data-shortcuts]")
  );
}
