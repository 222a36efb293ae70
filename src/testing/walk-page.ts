import type { Page } from "playwright-core";

/** One thing to press: `key` is the same for alike things, such as the links of all rows of a table. */
type Pressable = { mark: number; key: string; name: string };
export type Fault = { page: string; pressed: string; wrong: string };

type Walk = {
  page: Page;
  address: string;
  faults: Fault[];
  pressed: number;
  seen: Set<string>;
  /** What is pressed at the very end, or never. */
  isLeft: (name: string) => boolean;
};

const deepest = 3;
const quietMilliseconds = 60;

/** Presses whatever can be pressed on each page, and in all that opens from it; tells what went wrong, and where. */
export async function walkPages(
  page: Page,
  address: string,
  paths: readonly string[],
  isLeft: Walk["isLeft"],
): Promise<{ faults: Fault[]; pressed: number }> {
  const walk: Walk = { page, address, faults: [], pressed: 0, seen: new Set(), isLeft };
  let [place, last] = ["", "opening it"];
  const note = (wrong: string) => walk.faults.push({ page: place, pressed: last, wrong });
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (response.status() >= 400) note(`${response.status()} ${response.request().method()} ${pathname}`);
  });
  page.on("pageerror", (error) => note(error.message));
  page.on("console", (message) => {
    // The answers of 400 and above are told with their address already.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      note(message.text());
  });
  const press = async (mark: number, name: string): Promise<boolean> => {
    last = name;
    walk.pressed++;
    const pressed = await page
      .locator(`[data-walk="${mark}"]`)
      .click({ timeout: 2_000 })
      .then(() => true)
      .catch(() => false);
    await settled(page);
    return pressed;
  };
  for (const path of paths) {
    [place, last] = [path, "opening it"];
    await open(page, address + path);
    await walkOne(walk, path, press, []);
  }
  return walk;
}

type Press = (mark: number, name: string) => Promise<boolean>;

/** `way` is what was pressed to come here; it is pressed again whenever something has led away. */
async function walkOne(walk: Walk, path: string, press: Press, way: readonly string[]): Promise<void> {
  for (;;) {
    const open = await pressables(walk.page, scopeOf(path, way));
    const next = open.find(({ key, name }) => !walk.seen.has(key) && !walk.isLeft(name));
    if (next === undefined) return;
    walk.seen.add(next.key);
    const before = await stateOf(walk.page);
    const known = new Set(open.map(({ key }) => key));
    if (!(await press(next.mark, next.name))) continue;
    const after = await pressables(walk.page, scopeOf(path, way));
    // What is open on a page, and which part of it, stands in its address behind the question mark.
    const stays = new URL(walk.page.url()).pathname === path.split("?")[0];
    const isNew = stays && after.some(({ key }) => !known.has(key) && !walk.seen.has(key));
    if (isNew && way.length < deepest) await walkOne(walk, path, press, [...way, next.key]);
    if ((await stateOf(walk.page)) !== before && !(await comeBack(walk, path, press, way, before))) return;
  }
}

/** What opens from the frame is the same on every page. */
const scopeOf = (path: string, way: readonly string[]): string =>
  way[0]?.startsWith("frame ") ? "frame" : path;

const stateOf = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      `${location.href} ${document.querySelectorAll("[role=dialog], [role=menu], [role=listbox]").length}`,
  );

async function comeBack(
  walk: Walk,
  path: string,
  press: Press,
  way: readonly string[],
  before: string,
): Promise<boolean> {
  await walk.page.keyboard.press("Escape");
  await settled(walk.page);
  if ((await stateOf(walk.page)) === before) return true;
  await walk.page.goBack({ timeout: 2_000 }).catch(() => undefined);
  await settled(walk.page);
  if ((await stateOf(walk.page)) === before) return true;
  await open(walk.page, walk.address + path);
  for (const key of way) {
    const again = (await pressables(walk.page, scopeOf(path, way))).find((one) => one.key === key);
    if (again === undefined || !(await press(again.mark, again.name))) return false;
  }
  return true;
}

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator("main h1, main article, main [role=tab]").first().waitFor();
  await settled(page);
}

/** Nothing has been asked for a moment, and nothing is drawn in grey. */
async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(quietMilliseconds);
  await page.waitForLoadState("networkidle", { timeout: 300 }).catch(() => undefined);
  await page
    .waitForFunction(() => document.querySelector("[role=status][aria-label]") === null, undefined, {
      timeout: 5_000,
    })
    .catch(() => undefined);
}

/** What is in front and can be pressed: in the foremost dialog or menu, else on the page. */
function pressables(page: Page, path: string): Promise<Pressable[]> {
  return page.evaluate((place) => {
    const kinds =
      "button, a[href], [role=tab], [role=menuitem], [role=menuitemradio], [role=option], input[type=checkbox], input[type=radio]";
    const overlays = [
      ...document.querySelectorAll<HTMLElement>("[role=dialog], [role=menu], [role=listbox]"),
    ].filter((one) => one.checkVisibility());
    const front = overlays.at(-1) ?? document.body;
    const counts = new Map<string, number>();
    return [...front.querySelectorAll<HTMLElement>(kinds)].flatMap((element, mark) => {
      const box = element.getBoundingClientRect();
      const outside =
        element instanceof HTMLAnchorElement && (element.target || !element.href.startsWith("http"));
      const inert =
        element.closest("[inert], [aria-hidden=true]") || element.matches(":disabled, [data-disabled]");
      if (outside || inert || !element.checkVisibility() || box.width === 0) return [];
      element.dataset["walk"] = String(mark);
      const label = element.getAttribute("aria-label") ?? element.closest("label")?.textContent;
      const name = (label ?? element.textContent ?? "").trim().slice(0, 80);
      const row = element.closest("[role=row], tr, li, [data-rfd-draggable-id], [role=option]");
      const frame = element.closest("nav, header");
      const within = front === document.body ? "" : `${front.getAttribute("role")} `;
      const parts = row ? [...row.querySelectorAll(kinds)].indexOf(element) : name.replaceAll(/\d+/g, "#");
      const kind = element.getAttribute("role") ?? element.tagName.toLowerCase();
      const rowOf = row?.parentElement?.closest("[aria-label]")?.getAttribute("aria-label") ?? "";
      const base = `${frame && within === "" ? "frame " : `${place} `}${within}${row ? `row of ${rowOf}` : ""} ${kind} ${parts}`;
      const count = row ? 0 : (counts.get(base) ?? 0);
      counts.set(base, count + 1);
      return [{ mark, key: count > 2 ? `${base} 2` : `${base} ${count}`, name: `${kind} “${name}”` }];
    });
  }, path);
}
