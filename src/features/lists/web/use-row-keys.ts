import { useState, type RefObject } from "react";
import { useShortcuts, type CrmRecord } from "#ui/index.ts";

type Options = {
  records: CrmRecord[];
  openId: string | undefined;
  onOpen: (id: string, edit: boolean, replace: boolean) => void;
  scroll: RefObject<HTMLDivElement | null>;
  reveal: (index: number) => void;
};

/** j and k go through the rows, Enter opens, e edits. With a record open beside the list it follows along. */
export function useRowKeys({ records, openId, onOpen, scroll, reveal }: Options): number {
  const [activeId, setActiveId] = useState<string>();
  const [lastOpenId, setLastOpenId] = useState(openId);
  if (openId !== lastOpenId) {
    setLastOpenId(openId);
    // Closing a record leaves its row the active one.
    if (openId) setActiveId(openId);
  }
  const active = records.findIndex(({ id }) => id === (activeId ?? openId));

  const go = (step: number) => {
    const next = Math.min(records.length - 1, Math.max(0, active + step));
    const record = records[next];
    if (!record) return;
    setActiveId(record.id);
    reveal(next);
    if (openId) onOpen(record.id, false, true);
    // The row may be drawn only after the list has scrolled to it.
    requestAnimationFrame(() =>
      scroll.current?.querySelector<HTMLElement>(`[data-row="${next}"] a`)?.focus(),
    );
  };
  const openActive = (edit: boolean) => {
    const record = records[active];
    if (record) onOpen(record.id, edit, record.id === openId);
  };
  useShortcuts({
    j: () => go(1),
    k: () => go(-1),
    e: () => openActive(true),
    Enter: (event) => {
      const onControl = (event.target as HTMLElement).closest("a, button");
      if (onControl instanceof HTMLElement) onControl.click();
      else openActive(false);
    },
  });
  return active;
}
