import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { signIn, TestBrowser } from "#testing/browser.ts";
import { RunningHost } from "#testing/running-host.ts";

let host: RunningHost;
let browser: TestBrowser;
let address: string;
let admin: Page;

beforeAll(async () => {
  [host, browser] = await Promise.all([RunningHost.start(), TestBrowser.open()]);
  address = `http://maven.localhost:${host.port}`;
  admin = await as("admin");
}, 120_000);
afterAll(async () => {
  await browser.close();
  await host.remove();
});

const as = async (name: string) => {
  const page = await browser.window();
  await signIn(page, address, name, host.passwordOf(name));
  await page.getByRole("button", { name: "You and your settings" }).waitFor();
  return page;
};

/** Opens the list, presses Export and answers what the browser saved. */
async function exported(page: Page, path: string, said: string | RegExp): Promise<string[]> {
  await page.goto(`${address}/${path}`);
  await page.getByRole("button", { name: "Export…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(said).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Export" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`${path}.csv`);
  return (await readFile(await download.path(), "utf8"))
    .replace(/^\uFEFF/, "")
    .trimEnd()
    .split("\r\n");
}

/** How many the page's own session sees, and may export. */
const counted = (page: Page, path: string, more = "") =>
  page.evaluate((from) => fetch(from).then((answer) => answer.json()), `/api/${path}/count?${more}`);

test.each(["organisations", "persons", "opportunities", "activities", "products"])(
  "the administrator exports every one of the %s, with the list's columns",
  async (path) => {
    const lines = await exported(admin, path, /all that the list shows/);
    expect(lines[0]).toMatch(/^(Name|Subject),/);
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.length - 1).toBe((await counted(admin, path)).count);
    await admin.getByText(`saved in ${path}.csv`).waitFor();
  },
);

test("who may export his own only is told how many of how many before he does", async () => {
  const page = await as("darcel.schlecht");
  const own = (await counted(page, "opportunities", "for=export")).count;
  const words = `Exports ${own} of 3,512: your access level exports your own only.`;
  const lines = await exported(page, "opportunities", words);
  expect(own).toBeLessThan(1_000);
  expect(lines.length - 1).toBe(own);
  await page.getByText(`${own} opportunities saved in opportunities.csv.`).waitFor();
});

test("an export that breaks off says so, and saves nothing", async () => {
  const page = admin;
  await page.goto(`${address}/opportunities`);
  await page.getByRole("button", { name: "Export…" }).click();
  await page.route("**/api/opportunities/export", (route) => route.abort("connectionreset"));
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/all that the list shows/).waitFor();
  await dialog.getByRole("button", { name: "Export" }).click();
  await dialog.getByRole("alert").waitFor();
  expect(browser.troubles).toEqual([]);
});
