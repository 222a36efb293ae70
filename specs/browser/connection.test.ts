import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { signIn, TestBrowser } from "#testing/browser.ts";
import { RunningHost } from "#testing/running-host.ts";

let host: RunningHost;
let browser: TestBrowser;
let address: string;

beforeAll(async () => {
  [host, browser] = await Promise.all([RunningHost.start(), TestBrowser.open()]);
  address = `http://maven.localhost:${host.port}`;
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

/** What holds within a while, on a busy machine too. */
const patient = { timeout: 15_000 };

const asked = (page: Page, path: string) =>
  page.evaluate((from) => fetch(from).then((answer) => answer.json()), path);

const noConnection = (page: Page) => page.getByText("There is no connection to the server.");
const setOffline = (page: Page, offline: boolean) => page.context().setOffline(offline);

/** A deal that the page's user is responsible for, with its details open. */
async function openDeal(page: Page, number = 0): Promise<string> {
  const { user } = await asked(page, "/api/session");
  const own = encodeURIComponent(JSON.stringify({ field: "responsible", op: "in", value: [user.id] }));
  const { items } = await asked(page, `/api/opportunities?limit=5&sort=name&filter=${own}`);
  const { id } = items[number];
  await page.goto(`${address}/opportunities/${id}?tab=details`);
  await page.getByRole("button", { name: "Edit Value" }).waitFor();
  return id;
}

async function type(page: Page, field: string, value: string): Promise<void> {
  const record = page.getByRole("article");
  await record.getByRole("button", { name: `Edit ${field}` }).click();
  await record.getByRole("textbox", { name: field, exact: true }).fill(value);
  await page.keyboard.press("Enter");
}

test("a page opened without a connection says so in its place, and comes by itself when there is one again", async () => {
  const page = await as("darcel.schlecht");
  const menu = page.getByRole("navigation", { name: "Menu" });
  await setOffline(page, true);
  await noConnection(page).waitFor();
  await menu.getByRole("link", { name: "Persons" }).click();
  await page.getByRole("button", { name: "Try again" }).waitFor();
  expect(await menu.isVisible()).toBe(true);
  await setOffline(page, false);
  await page.getByRole("table", { name: "Persons" }).getByRole("row").nth(3).waitFor();
  await noConnection(page).waitFor({ state: "detached" });
});

test("a server that is gone is told at the first question, and what was asked comes when it is back", async () => {
  const page = await as("darcel.schlecht");
  await page.goto(`${address}/organisations`);
  await page.getByRole("table").getByRole("row").nth(3).waitFor();
  await host.end("SIGKILL");
  await page.getByRole("navigation", { name: "Menu" }).getByRole("link", { name: "Products" }).click();
  await noConnection(page).waitFor();
  const printed = host.output;
  await host.start();
  host.output = printed;
  await page.getByRole("table", { name: "Products" }).getByRole("row").nth(3).waitFor();
  await expect.poll(() => noConnection(page).count(), patient).toBe(0);
});

test("what is changed without a connection is shown as waiting, and saved in order once there is one", async () => {
  const page = await as("moses.frase");
  const id = await openDeal(page);
  const before = await asked(page, `/api/opportunities/${id}`);
  await setOffline(page, true);
  await noConnection(page).waitFor();
  await type(page, "Value", "4321");
  await type(page, "Name", "Waited for the connection");
  await page.getByText("2 changes wait here and are not saved yet.").waitFor();
  expect(await page.getByText("Not saved yet: waits for the connection.").count()).toBe(2);
  expect(await page.getByText(/saved$/).count()).toBe(0);
  await setOffline(page, false);
  await noConnection(page).waitFor({ state: "detached" });
  await expect
    .poll(() => asked(page, `/api/opportunities/${id}`), patient)
    .toMatchObject({
      value: 4321,
      name: "Waited for the connection",
      version: before.version + 2,
    });
  await expect.poll(() => page.getByText("Not saved yet: waits").count(), patient).toBe(0);
});

test("what waits outlives the page, and is saved by the next one", async () => {
  const page = await as("moses.frase");
  const id = await openDeal(page, 1);
  await setOffline(page, true);
  await noConnection(page).waitFor();
  await type(page, "Value", "777");
  await page.getByText("Not saved yet: waits").waitFor();
  const next = await page.context().newPage();
  await page.close();
  await setOffline(next, false);
  await next.goto(address);
  await next.getByRole("button", { name: "You and your settings" }).waitFor();
  await expect.poll(() => asked(next, `/api/opportunities/${id}`), patient).toMatchObject({ value: 777 });
});

test("what a colleague changed meanwhile is not overwritten: both values are said", async () => {
  const [page, colleague] = [await as("moses.frase"), await as("dustin.brinkmann")];
  const id = await openDeal(page, 2);
  await setOffline(page, true);
  await noConnection(page).waitFor();
  await type(page, "Value", "1111");
  await page.getByText("Not saved yet: waits").waitFor();
  const known = await asked(colleague, `/api/opportunities/${id}`);
  await colleague.evaluate(
    ([path, version]) =>
      fetch(String(path), {
        method: "PATCH",
        headers: { "content-type": "application/json", "if-match": `"${version}"` },
        body: JSON.stringify({ value: 2222 }),
      }),
    [`/api/opportunities/${id}`, known.version] as const,
  );
  await setOffline(page, false);
  await page.getByText("Value could not be saved; what you typed is kept.").waitFor();
  await page.getByText(/Somebody else changed this meanwhile: Value is now “2,222/).waitFor();
  expect(await page.getByRole("textbox", { name: "Value" }).inputValue()).toBe("1,111");
  expect(await asked(page, `/api/opportunities/${id}`)).toMatchObject({ value: 2222 });
});

/** From now on the server knows none of the program's files that the page has not fetched yet. */
async function takeAway(page: Page, until: () => boolean): Promise<void> {
  const fetched = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLScriptElement | HTMLLinkElement>("script, link")].map((element) =>
      "src" in element ? element.src : element.href,
    ),
  );
  await page.route(/\/assets\/.*\.js$/, (route) => {
    const url = route.request().url();
    if (fetched.includes(url) || until()) return route.continue();
    return route.continue({ url: url.replace(/\.js$/, "-of-another-release.js") });
  });
}

test("a page of an old release fetches the new one by itself", async () => {
  const page = await as("darcel.schlecht");
  let loads = 0;
  page.on("load", () => loads++);
  await takeAway(page, () => loads > 0);
  await page.getByRole("button", { name: "You and your settings" }).click();
  await page.getByRole("menuitem", { name: "My account" }).click();
  await page.getByRole("heading", { name: "My account" }).waitFor();
  expect(loads).toBe(1);
});

test("a file that is missing in the new release too is said in its place, and the page is not loaded for ever", async () => {
  const page = await as("darcel.schlecht");
  let loads = 0;
  page.on("load", () => loads++);
  await takeAway(page, () => false);
  await page.getByRole("button", { name: "You and your settings" }).click();
  await page.getByRole("menuitem", { name: "My account" }).click();
  await page.getByText("This part of the page could not be fetched.").waitFor();
  expect(loads).toBe(1);
  await page.unrouteAll();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "My account" }).waitFor();
});
