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

const as = async (name: string, page?: Page) => {
  const whose = page ?? (await browser.window());
  await signIn(whose, address, name, host.passwordOf(name));
  await whose.getByRole("button", { name: "You and your settings" }).waitFor();
  return whose;
};

/** What holds within a while, on a busy machine too. */
const patient = { timeout: 15_000 };

const asked = (page: Page, path: string) =>
  page.evaluate((from) => fetch(from).then((answer) => answer.json()), path);

test("typing a page's name and Enter opens that page, a record's name the record", async () => {
  const page = await as("dustin.brinkmann");
  const search = async (words: string) => {
    await page.keyboard.press("/");
    await page.getByRole("textbox", { name: "Search records, pages and actions" }).fill(words);
    await page.keyboard.press("Enter");
  };
  await search("board");
  await page.getByRole("group", { name: "Opportunities by stage" }).waitFor();
  await search("Acme Corporation");
  await page.getByRole("article").getByRole("heading", { name: "Acme Corporation" }).first().waitFor();
  await search("acti");
  await expect.poll(() => page.getByRole("dialog").count(), patient).toBe(0);
});

test("what is typed as a date or a link and is not understood stays, with what is wrong, until it is mended", async () => {
  const page = await as("dustin.brinkmann");
  await page.goto(`${address}/opportunities`);
  await page.getByRole("button", { name: "New opportunity" }).click();
  const form = page.getByRole("dialog");
  const box = (name: string) =>
    form.getByRole("textbox", { name, exact: true }).or(form.getByRole("combobox", { name, exact: true }));
  await box("Name").fill("A deal by hand");
  await box("Closes").fill("next Tuesday");
  await box("Organisation").fill("Nobody & Sons");
  await box("Engaged").fill("24/12/2026");
  await form.getByRole("button", { name: "Create" }).click();
  await form.getByText("This is not understood as a date.").waitFor();
  await form.getByText("Nothing called “Nobody & Sons” was chosen.").waitFor();
  expect(await box("Closes").inputValue()).toBe("next Tuesday");
  expect(await box("Organisation").inputValue()).toBe("Nobody & Sons");
  expect(await box("Engaged").inputValue()).toBe("24 Dec 2026");

  await page.reload();
  expect(await box("Closes").inputValue()).toBe("next Tuesday");
  await box("Closes").fill("3 Jan 2027");
  await box("Organisation").fill("Acme Corporation");
  await page.getByRole("option", { name: "Acme Corporation" }).click();
  await form.getByRole("button", { name: "Create" }).click();
  await page.getByRole("article").getByRole("heading", { name: "A deal by hand" }).waitFor();
  const id = page.url().split("/").at(-1)?.split("?")[0];
  expect(await asked(page, `/api/opportunities/${id}`)).toMatchObject({
    closesOn: "2027-01-03",
    engagedOn: "2026-12-24",
    organisation: { name: "Acme Corporation" },
  });
});

test("a call logged on a deal is at once on its open timeline, on a colleague's too, and on the organisation's", async () => {
  const [page, colleague] = [await as("dustin.brinkmann"), await as("melvin.marxen")];
  const filter = encodeURIComponent(JSON.stringify({ field: "name", op: "startsWith", value: "Betatech" }));
  const [deal] = (await asked(page, `/api/opportunities?limit=1&filter=${filter}`)).items;
  const timeline = (whose: Page) => whose.getByRole("list", { name: "Timeline" });
  await colleague.goto(`${address}/organisations/${deal.organisation.id}`);
  await colleague.getByRole("tab", { name: "Timeline" }).waitFor();
  await page.goto(`${address}/opportunities/${deal.id}?tab=activities`);
  await page.getByRole("button", { name: "New activity here" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: "Subject" }).fill("Rang about the offer");
  await form.getByRole("button", { name: "Create" }).click();
  await page.getByRole("tab", { name: "Timeline" }).click();
  await timeline(page).getByText("Rang about the offer").waitFor();
  await expect.poll(() => timeline(colleague).getByText("Rang about the offer").count(), patient).toBe(1);
});

test(
  "after a sign-out the next person at the browser meets nothing of the last, who finds his draft again",
  { timeout: 90_000 },
  async () => {
    const page = await as("dustin.brinkmann");
    await page.goto(`${address}/organisations?create=%7B"module"%3A"organisation"%7D`);
    const form = page.getByRole("dialog");
    await form.getByRole("textbox", { name: "Name", exact: true }).fill("Secret & Partners");
    const kept = () => page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    await expect.poll(kept, patient).toContain("strongroom.draft.");
    await form.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "You and your settings" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect(await kept()).not.toMatch(/Secret|organisation|Acme/);
    await page.goBack();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect(await page.locator("body").innerText()).not.toContain("Acme Corporation");

    await as("cara.losch", page);
    await page.goto(`${address}/organisations?create=%7B"module"%3A"organisation"%7D`);
    expect(await form.getByRole("textbox", { name: "Name", exact: true }).inputValue()).toBe("");
    await form.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "You and your settings" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();

    await as("dustin.brinkmann", page);
    await page.goto(`${address}/organisations?create=%7B"module"%3A"organisation"%7D`);
    expect(await form.getByRole("textbox", { name: "Name", exact: true }).inputValue()).toBe(
      "Secret & Partners",
    );
  },
);

test("a session that ends takes what was shown from the page, and its user goes on where he was", async () => {
  const page = await as("melvin.marxen");
  await page.goto(`${address}/organisations?sort=-name`);
  await page.getByRole("table").getByRole("row").nth(3).waitFor();
  const [shown = ""] = await page.getByRole("table").getByRole("link").allInnerTexts();
  await page.evaluate(() =>
    fetch("/api/sign-out-everywhere", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    }),
  );
  await page.getByRole("heading", { name: "Your session has ended" }).waitFor();
  expect(await page.locator("body").innerText()).not.toContain(shown);
  await page.getByRole("textbox", { name: "Password" }).fill(host.passwordOf("melvin.marxen"));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("table").getByText(shown).first().waitFor();
  expect(page.url()).toContain("sort=-name");
});

test("a password manager is told whose first password and whose new one is set", async () => {
  const cookie = await host.signIn("maven", "admin", host.passwordOf("admin"));
  const person = { name: "soren", fullName: "Søren Sørensen", level: 61, territories: [], groups: [] };
  const made = await host.ask("maven", "POST", "/api/users", { cookie, body: person });
  const page = await browser.window();
  await signIn(page, address, person.name, made.body.password);
  await page.getByRole("textbox", { name: "New password" }).fill("blue kettle 77 tea");
  const whose = page.locator('form:has([autocomplete="new-password"]) [autocomplete="username"]');
  expect(await whose.inputValue()).toBe("soren");
  await page.getByRole("button", { name: "Choose and go on" }).click();
  await page.getByRole("button", { name: "You and your settings" }).waitFor();
  await page.goto(`${address}/account`);
  await page.getByRole("textbox", { name: "New password" }).waitFor();
  expect(await whose.inputValue()).toBe("soren");
});

test("no page of all this had a script error or broke its content policy", () => {
  expect(browser.troubles).toEqual([]);
});
