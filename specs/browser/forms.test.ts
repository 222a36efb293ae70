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
  const whose = await browser.window();
  await signIn(whose, address, name, host.passwordOf(name));
  await whose.getByRole("button", { name: "You and your settings" }).waitFor();
  return whose;
};

/** What holds within a while, on a busy machine too. */
const patient = { timeout: 15_000 };

const asked = (page: Page, path: string) =>
  page.evaluate((from) => fetch(from).then((answer) => answer.json()), path);

test("a day picked from the calendar of a filter is what the list is filtered by", async () => {
  const page = await as("dustin.brinkmann");
  await page.goto(`${address}/opportunities`);
  await page.getByRole("button", { name: "+ Filter" }).click();
  await page.getByRole("combobox", { name: "Field" }).click();
  await page.getByRole("option", { name: "Closes" }).click();
  await page.getByRole("button", { name: "Pick a day" }).click();
  await page.getByRole("button", { name: /^15 / }).click();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect.poll(() => decodeURIComponent(page.url()), patient).toMatch(/"closesOn".*"\d{4}-\d{2}-15"/);
});

test("a number of which only its sign is typed is none, and does not empty the field", async () => {
  const page = await as("dustin.brinkmann");
  const filter = encodeURIComponent(JSON.stringify({ field: "value", op: "gt", value: 0 }));
  const [deal] = (await asked(page, `/api/opportunities?limit=1&filter=${filter}`)).items;
  await page.goto(`${address}/opportunities/${deal.id}?tab=details`);
  await page.getByRole("button", { name: "Edit Value" }).click();
  await page.getByRole("textbox", { name: "Value" }).fill("-");
  await page.keyboard.press("Enter");
  await page.getByText("This is not understood as a number.").waitFor();
  expect(await asked(page, `/api/opportunities/${deal.id}`)).toMatchObject({ value: deal.value });
});

test("a territory is offered every place in the tree but under itself", async () => {
  const page = await as("admin");
  const add = (name: string, parent: number) =>
    page.evaluate(
      (body) =>
        fetch("/api/territories", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        }),
      { name, parent },
    );
  const { items } = await asked(page, "/api/territories");
  await add("Ørestad", items.find(({ name }: { name: string }) => name === "Central").id);
  await page.goto(`${address}/administration/territories`);
  await page.getByRole("button", { name: "Change Central" }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: "Under" }).click();
  await expect.poll(() => page.getByRole("option").allInnerTexts(), patient).toEqual(["East", "West"]);
});

test("who is limited to a territory is not shown as one who sees all, also before its name is there", async () => {
  const page = await as("admin");
  await page.route("**/api/territories", () => undefined);
  await page.goto(`${address}/administration/users`);
  const row = page.getByRole("row").filter({ hasText: "Anna Snelling" });
  await row.waitFor();
  expect(await row.getByText("All", { exact: true }).count()).toBe(0);
});

test("a colleague is found in a picker however his name is spelled", async () => {
  const cookie = await host.signIn("maven", "admin", host.passwordOf("admin"));
  const person = { name: "soren", fullName: "Søren Sørensen", level: 61, territories: [], groups: [] };
  await host.ask("maven", "POST", "/api/users", { cookie, body: person });
  const page = await as("dustin.brinkmann");
  const [deal] = (await asked(page, "/api/opportunities?limit=1")).items;
  await page.goto(`${address}/opportunities/${deal.id}`);
  await page.getByRole("button", { name: "More to do with it" }).click();
  await page.getByRole("menuitem", { name: "Reassign…" }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: "Second responsible" }).fill("sorensen");
  const offered = () => page.getByRole("option").allInnerTexts();
  await expect.poll(offered, patient).toEqual(["Søren Sørensen"]);
});

test("a deal moved to Won while it is another day in UTC is won today, and a value that is emptied is gone", async () => {
  const page = await as("dustin.brinkmann");
  const timezoneId = new Date().getUTCHours() < 10 ? "Etc/GMT+12" : "Pacific/Kiritimati";
  await (await page.context().newCDPSession(page)).send("Emulation.setTimezoneOverride", { timezoneId });
  const deal = await page.evaluate(async () => {
    const body = JSON.stringify({
      name: "First of all",
      stage: "engaging",
      value: 70,
      closesOn: "2001-02-03",
    });
    const headers = { "content-type": "application/json" };
    return await fetch("/api/opportunities", { method: "POST", headers, body }).then((made) => made.json());
  });
  await page.goto(`${address}/opportunities?view=board`);
  const columns = page.getByRole("group", { name: "Opportunities by stage" });
  await columns.getByRole("group", { name: "First of all" }).focus();
  await page.keyboard.press("Space");
  const lifted = page.locator('[data-dragging="true"]');
  await lifted.waitFor();
  const before = (await lifted.boundingBox())?.x ?? 0;
  await page.keyboard.press("ArrowRight");
  const moved = async () => ((await lifted.boundingBox())?.x ?? 0) > before + 150;
  await expect.poll(moved, patient).toBe(true);
  await page.keyboard.press("Space");
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: "Value" }).fill("");
  await form.getByRole("button", { name: "Move" }).click();
  await page.getByText("First of all moved to Won").waitFor();
  expect(await asked(page, `/api/opportunities/${deal.id}`)).toMatchObject({
    stage: "won",
    value: null,
    closesOn: Temporal.Now.plainDateISO(timezoneId).toString(),
  });
});

test("an administrator closes a user, who cannot sign in any more, and lets him in again", async () => {
  const page = await as("admin");
  const [name, password] = ["daniell.hammack", host.passwordOf("daniell.hammack")];
  const signsIn = async () =>
    (await host.ask("maven", "POST", "/api/sign-in", { body: { name, password } })).status;
  await page.goto(`${address}/administration/users`);
  for (const after of [401, 200]) {
    await page.getByRole("button", { name: "Edit Daniell Hammack" }).click();
    const form = page.getByRole("dialog");
    await form.getByRole("switch", { name: "May sign in" }).click();
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "detached" });
    expect(await signsIn()).toBe(after);
  }
});

test("no page of all this had a script error or broke its content policy", () => {
  expect(browser.troubles).toEqual([]);
});
