import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import { findChromium } from "../../bin/chromium.mjs";

const quiet = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Debian's Chromium for one test file; each person gets a window of his own, with cookies of his own. */
export class TestBrowser {
  readonly #directory: string;
  readonly #windows: BrowserContext[] = [];
  // Counted at once: windows are opened side by side.
  #profiles = 0;
  /** What went wrong inside pages: script errors, refused resources. */
  readonly troubles: string[] = [];

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async open(): Promise<TestBrowser> {
    return new TestBrowser(await mkdtemp(join(tmpdir(), "strongroom-browser-")));
  }

  async window(size: { width: number; height: number } = { width: 1440, height: 900 }): Promise<Page> {
    const profile = join(this.#directory, String(this.#profiles++));
    const executablePath = findChromium();
    const context = await chromium.launchPersistentContext(profile, {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: quiet,
      viewport: size,
      locale: "en-GB",
    });
    this.#windows.push(context);
    const page = context.pages()[0] ?? (await context.newPage());
    page.on("pageerror", (error) => this.troubles.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && /Content Security|MIME|Uncaught/.test(message.text())) {
        this.troubles.push(message.text());
      }
    });
    page.setDefaultTimeout(15_000);
    return page;
  }

  async close(): Promise<void> {
    for (const window of this.#windows) await window.close();
    // A helper process of a closed window may still write into its profile.
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Signs in on the page that asks for it. */
export async function signIn(page: Page, address: string, name: string, password: string): Promise<void> {
  await page.goto(address);
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
