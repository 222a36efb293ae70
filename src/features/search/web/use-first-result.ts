import type { SpotlightStore } from "@mantine/spotlight";
import { useEffect, useRef, type KeyboardEvent } from "react";

/**
 * The first result is the one that Enter opens, also when it came only after the words were typed. Enter pressed
 * before the answer is there waits for it; whoever has gone to another result by the arrows stays there.
 */
export function useFirstResult(store: SpotlightStore, settled: boolean) {
  const list = useRef<HTMLDivElement>(null);
  const moved = useRef(false);
  const entered = useRef(false);
  useEffect(() => {
    if (moved.current) return;
    const actions = list.current?.querySelectorAll<HTMLElement>("[data-action]") ?? [];
    // The library marks what is selected in the page itself, and only when a key is pressed.
    for (const action of actions) action.removeAttribute("data-selected");
    actions[0]?.setAttribute("data-selected", "true");
    store.updateState((state) => ({ ...state, selected: 0 }));
    if (!entered.current || !settled) return;
    entered.current = false;
    actions[0]?.click();
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key !== "Enter") {
      entered.current = false;
      moved.current = event.key === "ArrowDown" || event.key === "ArrowUp";
    } else if (!settled && !moved.current) {
      event.preventDefault();
      event.stopPropagation();
      entered.current = true;
    }
  };
  return { list, onKeyDown };
}
