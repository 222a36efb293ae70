import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { signIn, TestBrowser } from "./browser.ts";
import { strongroom } from "./drill/command.ts";
import { RunningHost } from "./running-host.ts";

/** The README's pictures, taken from the running demo: `npm run pictures`. */
const folder = join(import.meta.dirname, "../../pictures");
const wide = { width: 1440, height: 900 };
const minuteMilliseconds = 60_000;
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
  ...[false, true].map((dark) => ({
    file: dark ? "restore-dark" : "restore",
    person: "admin",
    size: wide,
    dark,
    show: (page: Page, address: string) => showRestore(page, address, !dark),
  })),
  { file: "moment", person: "admin", size: wide, show: showMoment },
];

/** An hour in which records came and went, and the moment before they went. */
async function showRestore(page: Page, address: string, isFirst: boolean): Promise<void> {
  const ask = (method: string, path: string, body?: object) =>
    page.evaluate(
      async (asked) => {
        const headers = { "content-type": "application/json", "if-match": '"1"' };
        const content = asked.body === undefined ? {} : { body: JSON.stringify(asked.body) };
        return (await fetch(`/api/${asked.path}`, { method: asked.method, headers, ...content })).json();
      },
      { method, path, body },
    );
  while ((await ask("GET", "restores/window")).earliest === null) await page.waitForTimeout(500);
  if (isFirst) {
    const added: string[] = [];
    for (let n = 0; n < 30; n++)
      added.push((await ask("POST", "activities", { name: `Call ${n}`, kind: "call" })).id);
    await page.waitForTimeout(minuteMilliseconds);
    for (const id of added) await ask("DELETE", `activities/${id}`, {});
  }
  const { now } = await ask("GET", "restores/window");
  const before = new Date(Date.parse(now) - minuteMilliseconds / 2).toISOString();
  await page.goto(`${address}/administration/restore?at=${before}&zoom=hour`);
  await page.getByText("Since then:").waitFor();
}

/** The moment before the records of showRestore went, with one of them chosen and another looked at. */
async function showMoment(page: Page, address: string): Promise<void> {
  await strongroom(host.directory, "restore", "allow", "maven", "on");
  const { now } = await page.evaluate(async () => (await fetch("/api/restores/window")).json());
  const before = new Date(Date.parse(now) - minuteMilliseconds / 2).toISOString();
  await page.goto(`${address}/administration/restore?at=${before}&zoom=hour`);
  await page.getByRole("textbox", { name: "Why" }).fill("Calls were deleted by mistake");
  await page.getByRole("button", { name: "Open this moment" }).click();
  await page.getByRole("link", { name: /^As it was at/ }).click({ timeout: minuteMilliseconds });
  await page.getByRole("checkbox", { name: "Choose Call 3", exact: true }).check();
  await page.getByRole("button", { name: "Call 1", exact: true }).click();
  await page.getByRole("table").waitFor();
}

mkdirSync(folder, { recursive: true });
const backup = await mkdtemp(join(tmpdir(), "strongroom-backup-"));
const backedUp = { STRONGROOM_BACKUP: backup, STRONGROOM_BACKUP_SAME_DISK: "accept" };
const [host, browser] = await Promise.all([RunningHost.start(backedUp), TestBrowser.open()]);
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
  await rm(backup, { recursive: true, force: true });
}
