import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { signIn, TestBrowser } from "#testing/browser.ts";
import { RunningHost } from "#testing/running-host.ts";
import { changedPassword } from "#testing/settled.ts";

let host: RunningHost;
let browser: TestBrowser;
let page: Page;
let backup: string;
let address: string;
let administrator: { userName: string; password: string };

beforeAll(async () => {
  backup = await mkdtemp(join(tmpdir(), "strongroom-backup-"));
  const environment = {
    STRONGROOM_DEMO: "off",
    STRONGROOM_BACKUP: backup,
    STRONGROOM_BACKUP_SAME_DISK: "accept",
  };
  [host, browser] = await Promise.all([RunningHost.start(environment), TestBrowser.open()]);
  address = `http://acme.localhost:${host.port}`;
  ({ administrator } = JSON.parse(strongroom("tenant", "create", "acme", "--name", "Acme", "--json")));
  page = await browser.window();
  await host.signIn("acme", administrator.userName, administrator.password);
  administrator.password = changedPassword(administrator.password);
  await signIn(page, address, administrator.userName, administrator.password);
  await page.getByRole("button", { name: "You and your settings" }).waitFor();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await host.remove();
  await rm(backup, { recursive: true, force: true });
});

/** The host's command line beside the running program. */
function strongroom(...words: string[]): string {
  const environment = { ...process.env, STRONGROOM_DATA: host.directory, PORT: String(host.port) };
  return execFileSync(join(import.meta.dirname, "../../bin/strongroom"), words, {
    env: environment,
    encoding: "utf8",
  });
}

/** What the page's own session gets from the API. */
const ask = (method: string, path: string, body?: object, version?: number) =>
  page.evaluate(
    async (asked) => {
      const headers = { "content-type": "application/json", "if-match": `"${asked.version ?? 1}"` };
      const content = asked.body === undefined ? {} : { body: JSON.stringify(asked.body) };
      const answer = await fetch(asked.path, { method: asked.method, headers, ...content });
      return { status: answer.status, body: await answer.json() };
    },
    { method, path: `/api/${path}`, body, version },
  );

/** A moment after everything so far, when it can be restored and is over. */
async function momentNow(): Promise<string> {
  const restorable = async () => (await ask("GET", "restores/window")).body.earliest;
  await expect.poll(restorable, { timeout: 60_000, interval: 200 }).not.toBeNull();
  await expect
    .poll(async () => (await restorable()) < new Date().toISOString(), { timeout: 10_000 })
    .toBe(true);
  const { body } = await ask("POST", "organisations", { name: "Made just before" });
  const moment = new Date(Date.parse(body.createdAt) + 1000).toISOString();
  await expect.poll(() => new Date().toISOString() > moment, { timeout: 5_000 }).toBe(true);
  return moment;
}

function approve(reason: string): void {
  const [, request = ""] =
    new RegExp(String.raw`^asked +(\S+)[^]*acme[^]*${reason}`).exec(strongroom("restore", "requests")) ?? [];
  strongroom("restore", "approve", request);
}

test("single records deleted or changed by mistake are taken back from a moment beside the present, and it is undone", async () => {
  const make = async (name: string) => (await ask("POST", "organisations", { name, notes: "Then" })).body;
  const [first, second, changed] = [await make("Lost one"), await make("Lost two"), await make("Changed")];
  const moment = await momentNow();
  for (const { id, version } of [first, second]) await ask("DELETE", `organisations/${id}`, {}, version);
  await ask("PATCH", `organisations/${changed.id}`, { notes: "Spoilt" }, changed.version);

  await page.goto(`${address}/administration/restore?at=${moment}`);
  await page.getByRole("textbox", { name: "Why" }).fill("Two were deleted");
  await page.getByRole("button", { name: "Ask to open this moment" }).click();
  await page.getByText("Waits for your host").waitFor();
  approve("Two were deleted");
  await page.getByRole("link", { name: /^As it was at/ }).click({ timeout: 60_000 });

  const takeBack = page.getByRole("button", { name: "Take back", exact: true });
  await page.getByText("Deleted 2", { exact: true }).waitFor();
  await page.getByRole("checkbox", { name: "Choose Lost one" }).check();
  await page.getByRole("button", { name: "Take back 1…" }).click();
  await page.getByRole("dialog", { name: "Take back 1 organisation?" }).waitFor();
  await takeBack.last().click();
  await page.getByText("1 record is back").waitFor();
  await page.getByText("Deleted 1", { exact: true }).waitFor();

  await page.getByText("Changed 1", { exact: true }).click();
  await page.getByRole("button", { name: "Changed", exact: true }).click();
  await page.getByRole("row", { name: "Notes Then Spoilt" }).waitFor();
  await page.getByRole("checkbox", { name: "Choose Changed" }).check();
  await page.getByRole("button", { name: "Take back 1…" }).click();
  await page.getByText(/^1 field gets the value it had at/).waitFor();
  await takeBack.last().click();
  await page.getByText("Changed 0", { exact: true }).waitFor();
  expect((await ask("GET", `organisations/${changed.id}`)).body.notes).toBe("Then");

  await page.getByText("Deleted 1", { exact: true }).click();
  await page.getByRole("button", { name: "Take back all 1 deleted…" }).click();
  await takeBack.last().click();
  await page.getByText("Organisations: 1 record is back").waitFor();
  const isThere = async ({ id }: { id: string }) =>
    (await ask("GET", `organisations/${id}`)).body.deletedAt === null;
  expect([await isThere(first), await isThere(second)]).toEqual([true, true]);

  await page.getByText("Everything then").click();
  await page.getByRole("button", { name: "Lost two" }).waitFor();
  await page.getByRole("button", { name: "Undo" }).first().click();
  await page.getByText("Undone, 1 record").waitFor();
  expect([await isThere(first), await isThere(second)]).toEqual([true, false]);
}, 120_000);

test("a record deleted by mistake is back after a restore that its administrator asked for and the host approved", async () => {
  const { body: record } = await ask("POST", "organisations", { name: "Deleted by mistake" });
  const moment = await momentNow();
  await ask("DELETE", `organisations/${record.id}`, {}, record.version);

  await page.goto(`${address}/administration/restore?at=${moment}`);
  await page.getByText("1 deletion", { exact: true }).waitFor();
  const slider = page.getByRole("slider", { name: "Moment to go back to" });
  const before = await slider.getAttribute("aria-valuetext");
  await slider.press("Shift+ArrowLeft");
  await expect.poll(() => slider.getAttribute("aria-valuetext")).not.toBe(before);
  await slider.press("Shift+ArrowRight");
  await page.getByText("1 deletion", { exact: true }).waitFor();
  await page.getByRole("textbox", { name: "Why" }).fill("Somebody pressed delete");
  await page.getByRole("radio", { name: "Put everything back to it" }).check();
  await page.getByRole("button", { name: "Ask for this restore" }).click();
  await page.getByText("Waits for your host").waitFor();

  approve("Somebody pressed delete");
  await page.getByRole("list", { name: /Under way|Approved/ }).waitFor();
  // Everybody signs in again; the page stays where it was.
  await page.getByText("Your session has ended").waitFor({ timeout: 60_000 });
  await page.getByRole("textbox", { name: "User name" }).fill(administrator.userName);
  await page.getByRole("textbox", { name: "Password" }).fill(administrator.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("Last change that is in").first().waitFor();
  await page.getByText("What was there before is kept until").waitFor();
  await page.getByRole("button", { name: "Ask to go back…" }).waitFor();
  await page.goto(`${address}/organisations`);
  await page.getByRole("link", { name: "Deleted by mistake" }).waitFor();
}, 180_000);

test("a salesperson has no way to the page", async () => {
  const { body } = await ask("POST", "users", { name: "sales", fullName: "Sam Sales", level: 61 });
  const theirs = await browser.window();
  await host.signIn("acme", "sales", body.password);
  await signIn(theirs, address, "sales", changedPassword(body.password));
  await theirs
    .getByRole("navigation", { name: "Menu" })
    .getByRole("link", { name: "Organisations" })
    .waitFor();
  await theirs.goto(`${address}/administration/restore`);
  await theirs.getByText("Your access level does not open this page.").waitFor();
  expect(await theirs.evaluate(async () => (await fetch("/api/restores")).status)).toBe(403);
  expect(browser.troubles).toEqual([]);
}, 60_000);
