import type { Page, Request } from "playwright-core";
import { isStill, look, type Pressable, type View } from "./look-at-page.ts";

export type Fault = { page: string; pressed: string; wrong: string };
/** `deepest` is how many openings lead to the last thing that is pressed; `isLeft` names what is not. */
export type Limits = { deepest: number; isLeft: (name: string) => boolean };
export type Walked = { faults: Fault[]; pressed: Map<string, number> };

const clickMilliseconds = 3_000;
const settleMilliseconds = 5_000;
// React keeps back for 300 ms what it has just loaded, lest placeholders flicker.
const revealMilliseconds = 350;

/**
 * Presses whatever can be pressed on each page, and in all that opens from it; tells what went wrong, and where, and
 * how much was pressed on each page.
 */
export async function walkPages(
  page: Page,
  address: string,
  paths: readonly string[],
  { isLeft, deepest }: Limits,
): Promise<Walked> {
  const walk = new Walk(page, address, { isLeft, deepest });
  for (const path of paths) await walk.walkPage(path);
  return walk;
}

class Walk {
  readonly faults: Fault[] = [];
  readonly pressed = new Map<string, number>();
  readonly #page: Page;
  readonly #address: string;
  readonly #isLeft: (name: string) => boolean;
  readonly #deepest: number;
  readonly #seen = new Set<string>();
  readonly #asked = new Set<Request>();
  #loadedAt = 0;
  #path = "";
  #home: View | undefined;
  #last = "";
  #isLost = false;

  constructor(page: Page, address: string, { isLeft, deepest }: Limits) {
    this.#page = page;
    this.#address = address;
    this.#isLeft = isLeft;
    this.#deepest = deepest;
    page.on("request", (request) => {
      // The stream of what others change stays open for as long as the page does.
      if (!request.url().endsWith("/api/stream")) this.#asked.add(request);
    });
    page.on("requestfailed", (request) => this.#asked.delete(request));
    page.on("requestfinished", (request) => {
      this.#asked.delete(request);
      if (request.resourceType() === "script") this.#loadedAt = Date.now();
    });
    page.on("response", (response) => {
      const { pathname } = new URL(response.url());
      if (response.status() >= 400)
        this.#note(`${response.status()} ${response.request().method()} ${pathname}`);
    });
    page.on("pageerror", (error) => this.#note(error.message));
    page.on("console", (message) => {
      // The answers of 400 and above are told with their address already.
      const isTold = message.text().startsWith("Failed to load resource");
      if (message.type() === "error" && !isTold) this.#note(message.text());
    });
  }

  async walkPage(path: string): Promise<void> {
    this.#path = path;
    this.pressed.set(path, 0);
    for (let before = -1; this.#seen.size > before;) {
      before = this.#seen.size;
      await this.#open();
      this.#isLost = false;
      this.#home = await this.#view();
      await this.#walk([], new Set());
      // What has led to another part of the page may have left something of the first unpressed.
      if (!this.#isLost && (await this.#view()).href === this.#home.href) return;
    }
  }

  /**
   * `way` is what was pressed to come here; it is pressed again whenever something has led away. What was `known`
   * before it is pressed from there.
   */
  async #walk(way: readonly string[], known: ReadonlySet<string>): Promise<void> {
    for (;;) {
      const before = await this.#view(way);
      const next = before.open.find(
        ({ key, name }) => !this.#seen.has(key) && !known.has(key) && !this.#isLeft(name),
      );
      if (next === undefined) return;
      this.#seen.add(next.key);
      if (!(await this.#press(next))) continue;
      const after = await this.#view(way);
      const shown = new Set(before.open.map(({ key }) => key));
      const isOpened = after.pathname === before.pathname && after.overlays >= before.overlays;
      const isNew = isOpened && after.open.some(({ key }) => !shown.has(key) && !this.#seen.has(key));
      if (isNew && way.length < this.#deepest)
        await this.#walk([...way, next.key], new Set([...known, ...shown]));
      if (!(await this.#comeBack(way, before))) return;
    }
  }

  async #press({ mark, name }: Pressable): Promise<boolean> {
    this.#last = name;
    try {
      await this.#page.locator(`[data-walk="${mark}"]`).click({ timeout: clickMilliseconds });
    } catch (error) {
      this.#note(`cannot be pressed: ${String(error)}`);
      return false;
    }
    this.pressed.set(this.#path, (this.pressed.get(this.#path) ?? 0) + 1);
    await this.#settled();
    return true;
  }

  async #comeBack(way: readonly string[], before: View): Promise<boolean> {
    let now = await this.#closed(way, before.overlays);
    if (now.pathname !== before.pathname) {
      await this.#page.goBack({ timeout: clickMilliseconds }).catch(() => undefined);
      await this.#settled();
      now = await this.#view(way);
    }
    if (now.pathname === before.pathname && now.overlays === before.overlays) return true;
    now = await this.#closed(way, 0);
    if (now.pathname !== this.#home?.pathname || now.overlays > 0) await this.#open();
    for (const key of way) {
      const again = (await this.#view(way)).open.find((one) => one.key === key);
      if (again !== undefined && (await this.#press(again))) continue;
      this.#isLost = true;
      return false;
    }
    return true;
  }

  /** Closes what is open until no more than so many are. */
  async #closed(way: readonly string[], most: number): Promise<View> {
    let now = await this.#view(way);
    for (let tries = now.overlays - most; tries > 0 && now.overlays > most; tries--) {
      await this.#page.keyboard.press("Escape");
      await this.#settled();
      now = await this.#view(way);
    }
    return now;
  }

  async #open(): Promise<void> {
    this.#last = "opening it";
    await this.#page.goto(this.#address + this.#path);
    await this.#page.locator("main h1, main article, main [role=tab]").first().waitFor();
    await this.#settled();
  }

  /** Nothing is asked for, drawn in grey or moving any more. */
  async #settled(): Promise<void> {
    const until = Date.now() + settleMilliseconds;
    for (let quiet = 0; quiet < 2 && Date.now() < until;) {
      const isDrawn = await this.#page.evaluate(isStill).catch(() => false);
      const isAnswered = this.#asked.size === 0 && Date.now() - this.#loadedAt > revealMilliseconds;
      quiet = isDrawn && isAnswered ? quiet + 1 : 0;
    }
  }

  #view(way: readonly string[] = []): Promise<View> {
    // What opens from the frame is the same on every page; a list and its records are one place.
    const place = this.#path.split("?")[0]?.replace(/\/[^/]{36}$/, "") ?? "";
    return this.#page.evaluate(look, way[0]?.startsWith("frame ") ? "frame" : place);
  }

  #note(wrong: string): void {
    this.faults.push({ page: this.#path, pressed: this.#last, wrong });
  }
}
