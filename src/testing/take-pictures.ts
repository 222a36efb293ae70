import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { signIn, TestBrowser } from "./browser.ts";
import { RunningHost } from "./running-host.ts";

/** The README's pictures, taken from the running demo: `npm run pictures`. */
const folder = join(import.meta.dirname, "../../pictures");
const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

type Picture = {
  file: string;
  person: string;
  size: typeof wide;
  dark?: boolean;
  show: (page: Page, address: string) => Promise<void>;
};

const pictures: Picture[] = [
  {
    file: "home",
    person: "summer.sewald",
    size: wide,
    show: (page) => page.getByText("Won by month").waitFor(),
  },
  {
    file: "list",
    person: "dustin.brinkmann",
    size: wide,
    show: async (page, address) => {
      await page.goto(`${address}/opportunities`);
      await page
        .getByRole("link", { name: /Acme Corporation · MG Advanced/ })
        .first()
        .click();
      await page.getByText("Who sees this and why").waitFor();
    },
  },
  {
    file: "board-dark",
    person: "dustin.brinkmann",
    size: wide,
    dark: true,
    show: async (page, address) => {
      await page.goto(`${address}/opportunities?view=board`);
      await page.getByText("1,629 · 3.35m USD").waitFor();
    },
  },
  {
    file: "phone",
    person: "darcel.schlecht",
    size: phone,
    show: async (page, address) => {
      await page.goto(`${address}/opportunities`);
      await page
        .getByRole("link", { name: /Acme Corporation/ })
        .first()
        .waitFor();
    },
  },
];

mkdirSync(folder, { recursive: true });
const [host, browser] = await Promise.all([RunningHost.start(), TestBrowser.open()]);
try {
  for (const { file, person, size, dark, show } of pictures) {
    const page = await browser.window(size);
    await page.emulateMedia({ colorScheme: dark === true ? "dark" : "light" });
    const address = `http://maven.localhost:${host.port}`;
    await signIn(page, address, person, host.passwordOf(person));
    await page.getByRole("button", { name: "You and your settings" }).waitFor();
    await show(page, address);
    await page.waitForLoadState("networkidle").catch(() => undefined);
    await page.screenshot({ path: join(folder, `${file}.png`) });
  }
} finally {
  await browser.close();
  await host.remove();
}
