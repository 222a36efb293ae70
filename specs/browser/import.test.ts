import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { signIn, TestBrowser } from "#testing/browser.ts";
import { RunningHost } from "#testing/running-host.ts";
import { changedPassword } from "#testing/settled.ts";

const root = join(import.meta.dirname, "../..");
let host: RunningHost;
let browser: TestBrowser;
let page: Page;
let address: string;

beforeAll(async () => {
  [host, browser] = await Promise.all([RunningHost.start({ STRONGROOM_DEMO: "off" }), TestBrowser.open()]);
  address = `http://acme.localhost:${host.port}`;
  const made = strongroom("tenant", "create", "acme", "--name", "Acme", "--json");
  page = await browser.window();
  const { userName, password } = made.administrator;
  await host.signIn("acme", userName, password);
  await signIn(page, address, userName, changedPassword(password));
  await page.getByRole("button", { name: "You and your settings" }).waitFor();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await host.remove();
});

/** The host's command line beside the running program. */
function strongroom(...words: string[]) {
  const environment = { ...process.env, STRONGROOM_DATA: host.directory, PORT: String(host.port) };
  return JSON.parse(
    execFileSync(join(root, "bin/strongroom"), words, { env: environment, encoding: "utf8" }),
  );
}

/** Goes through the wizard as a person does; `means` answers the names nothing has here. */
async function importFile(file: string, what: string, rows: string, means: Record<string, string> = {}) {
  await page.goto(`${address}/import`);
  await page.getByRole("combobox", { name: "What is in the file" }).click();
  await page.getByRole("option", { name: what }).click();
  await page.locator("input[type=file]").setInputFiles(join(root, "demo/maven-crm", file));
  await page.getByRole("button", { name: "Try it without changing anything" }).click();
  for (const [text, name] of Object.entries(means)) {
    const answer = page
      .getByRole("textbox", { name: `“${text}” means` })
      .or(page.getByLabel(`“${text}” means`))
      .first();
    await answer.fill(name);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Use these and try again" }).click();
  }
  await page.getByText(`${rows} of ${rows} rows would be taken.`).waitFor();
  await page.getByRole("button", { name: `Import ${rows} rows` }).click();
  await page.getByText(`${rows} rows are taken.`).waitFor({ timeout: 60_000 });
}

const asked = (path: string) =>
  page.evaluate((from) => fetch(from).then((answer) => answer.json()), `/api/${path}`);
const count = (filter: unknown) =>
  asked(`opportunities/count?filter=${encodeURIComponent(JSON.stringify(filter))}`);

test("four published files, imported into an empty tenant by hand, give the published totals", async () => {
  await importFile("accounts.csv", "Organisations", "85");
  await importFile("products.csv", "Products", "7");
  await importFile("sales_teams.csv", "Users", "35");
  await importFile("sales_pipeline.csv", "Opportunities", "8,800", { GTXPro: "GTX Pro" });

  await page.goto(`${address}/opportunities`);
  await page.getByRole("main").getByText("8,800 · 10,005,534 USD").waitFor();
  const territories: { id: number; name: string }[] = (await asked("territories")).items;
  const totals: Record<string, unknown> = {};
  for (const { id, name } of territories) {
    const within = { field: "territory", op: "in", value: [id] };
    const won = await count({ and: [within, { field: "stage", op: "in", value: ["won"] }] });
    totals[name] = [(await count(within)).count, won.totals.USD];
  }
  expect(totals).toEqual({ Central: [3512, 3346293], East: [2291, 3090594], West: [2997, 3568647] });
  const byStage = await Promise.all(
    ["won", "lost", "engaging", "prospecting"].map((stage) =>
      count({ field: "stage", op: "in", value: [stage] }),
    ),
  );
  expect(byStage.map((each) => each.count)).toEqual([4238, 2473, 1589, 500]);
  expect((await count({ field: "organisation", op: "empty" })).count).toBe(1425);
  expect((await asked("groups")).items).toHaveLength(6);
}, 240_000);

test("an import is undone as one act, and the rest stays", async () => {
  await page.goto(`${address}/import`);
  await page.getByRole("link", { name: "products.csv" }).first().click();
  await page.getByRole("button", { name: "Undo the import" }).click();
  await page.getByText("The import is undone.").first().waitFor({ timeout: 60_000 });
  expect((await asked("products/count")).count).toBe(0);
  expect((await asked("organisations/count")).count).toBe(85);
}, 90_000);

test("no page of all this had a script error or broke its content policy", () => {
  expect(browser.troubles).toEqual([]);
});
