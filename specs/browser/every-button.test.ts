import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { signIn, TestBrowser } from "#testing/browser.ts";
import { RunningHost } from "#testing/running-host.ts";
import { changedPassword } from "#testing/settled.ts";
import { walkPages } from "#testing/walk-page.ts";

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

const asked = (page: Page, path: string) =>
  page.evaluate((from) => fetch(from).then((answer) => answer.json()), path);

async function as(name: string, password: string): Promise<Page> {
  const page = await browser.window();
  await signIn(page, address, name, password);
  await page.getByRole("button", { name: "You and your settings" }).waitFor();
  return page;
}

/** Every page that a menu of this user leads to, and one record of each module with each of its tabs. */
async function pagesOf(page: Page): Promise<string[]> {
  const { permissions } = await asked(page, "/api/session");
  const paths = ["/", "/account", "/moments"];
  if (permissions.includes("import")) paths.push("/import");
  if (permissions.includes("bin")) paths.push("/bin");
  for (const { path } of (await asked(page, "/api/modules")).modules) {
    const [record] = (await asked(page, `/api/${path}?limit=1`)).items;
    paths.push(`/${path}`);
    if (record) paths.push(`/${path}/${record.id}`, `/${path}/${record.id}?tab=details`);
  }
  // All but its own is seen on the list already.
  paths.push("/opportunities?view=board");
  const areas = ["users", "territories", "groups", "levels", "sign-ins", "restore"];
  if (permissions.includes("users")) paths.push(...areas.map((area) => `/administration/${area}`));
  return paths;
}

const isLeft = (name: string): boolean => /sign out|“Dansk”/i.test(name);

/** How many openings deep buttons are pressed; `npm run test:buttons` goes one further than there is time for here. */
const deepest = Number(process.env["STRONGROOM_BUTTONS_DEEPEST"] ?? 1);
const walkers = [
  { level: 99, who: "an administrator", fewest: 110 },
  { level: 61, who: "a salesperson", fewest: 80 },
  { level: 25, who: "somebody who may only look", fewest: 50 },
];

test.concurrent.each(walkers)(
  "$who presses every button of every page, and nothing is refused or breaks",
  async ({ level, fewest }) => {
    const admin = await host.signIn("maven", "admin", host.passwordOf("admin"));
    const person = {
      name: `walker.${level}`,
      fullName: `Walker ${level}`,
      level,
      territories: [],
      groups: [],
    };
    const made = await host.ask("maven", "POST", "/api/users", { cookie: admin, body: person });
    await host.signIn("maven", person.name, made.body.password);
    const page = await as(person.name, changedPassword(made.body.password));
    const paths = await pagesOf(page);
    const { faults, pressed } = await walkPages(page, address, paths, { isLeft, deepest });
    expect(faults).toEqual([]);
    expect([...pressed.keys()]).toEqual(paths);
    expect([...pressed.values()].reduce((sum, one) => sum + one)).toBeGreaterThan(fewest);
    await page.goto(address);
    await page.getByRole("button", { name: "You and your settings" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
  },
  1_800_000,
);
