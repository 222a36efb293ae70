/** One thing to press: `key` is the same for alike things, such as the links of all rows of a table. */
export type Pressable = { mark: number; key: string; name: string };
export type View = { href: string; pathname: string; overlays: number; open: Pressable[] };

/** Runs in the page: whether all is drawn, nothing moves, and nothing has changed for a moment. */
export async function isStill(): Promise<boolean> {
  let changes = 0;
  const observer = new MutationObserver(() => changes++);
  observer.observe(document, { subtree: true, childList: true, attributes: true });
  await new Promise((then) => setTimeout(then, 35));
  observer.disconnect();
  const moves = document
    .getAnimations()
    .some(
      ({ effect, playState }) =>
        playState === "running" && effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY,
    );
  return changes === 0 && !moves && document.querySelector("[role=status][aria-label]") === null;
}

/** Runs in the page: what is in front and can be pressed, in the foremost dialog or menu, else on the page. */
export function look(place: string): View {
  const kinds =
    "button, a[href], [role=tab], [role=menuitem], [role=menuitemradio], [role=option], input[type=checkbox], input[type=radio]";
  const months = /\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b/gi;
  const overlays = [
    ...document.querySelectorAll<HTMLElement>("[role=dialog], [role=menu], [role=listbox]"),
  ].filter((one) => one.checkVisibility());
  const front = overlays.at(-1) ?? document.body;
  const titled = document.getElementById(front.getAttribute("aria-labelledby") ?? "");
  const title = front.getAttribute("aria-label") ?? titled?.textContent ?? "";

  const canBePressed = (element: HTMLElement): boolean => {
    const leadsOut =
      element instanceof HTMLAnchorElement &&
      (element.target || !element.href.startsWith("http") || element.matches("[href^='#']"));
    const isInert =
      element.closest("[inert], [aria-hidden=true]") || element.matches(":disabled, [data-disabled]");
    return !leadsOut && !isInert && element.checkVisibility() && element.getBoundingClientRect().width > 0;
  };
  const scopeOf = (element: HTMLElement, name: string): string => {
    if (front === document.body) return element.closest("nav, header") ? "frame" : place;
    // What is left without a request is left in the same way everywhere.
    const isEnd = /^(Close|Cancel)$/.test(name);
    return `${place} ${front.getAttribute("role")} ${isEnd ? "" : title}`;
  };

  for (const one of document.querySelectorAll<HTMLElement>("[data-walk]")) delete one.dataset["walk"];
  const counts = new Map<string, number>();
  const open = [...front.querySelectorAll<HTMLElement>(kinds)].flatMap((element, mark) => {
    if (!canBePressed(element)) return [];
    element.dataset["walk"] = String(mark);
    const label = element.getAttribute("aria-label") ?? element.closest("label")?.textContent;
    const name = (label ?? element.textContent ?? "").trim().slice(0, 80);
    const row = element.closest(
      "[role=row], tr, li, [data-rfd-draggable-id], [role=option], .mantine-Spotlight-action",
    );
    const rowOf = row?.parentElement?.closest("[aria-label]")?.getAttribute("aria-label") ?? "";
    const alike = name.replaceAll(/\d+/g, "#").replaceAll(months, "month");
    const isDay = alike === "# month #";
    const which =
      row && !isDay ? `row of ${rowOf} ${[...row.querySelectorAll(kinds)].indexOf(element)}` : alike;
    const kind = element.getAttribute("role") ?? element.tagName.toLowerCase();
    const base = `${scopeOf(element, name)} ${kind} ${which}`;
    const count = row || isDay ? 0 : (counts.get(base) ?? 0);
    counts.set(base, count + 1);
    return [{ mark, key: `${base} ${Math.min(count, 1)}`, name: `${kind} “${name}”` }];
  });
  return { href: location.href, pathname: location.pathname, overlays: overlays.length, open };
}
