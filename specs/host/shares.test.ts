import { get, type IncomingMessage } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFirstAdministrator } from "#features/users/index.ts";
import { hashShares } from "#features/sign-in/index.ts";
import { openTestApi, serveTenant, type Browser, type TestApi } from "#testing/api.ts";
import { settlePasswords } from "#testing/settled.ts";
import { randomName } from "#platform/secrets/index.ts";

let api: TestApi;
let port: number;
let quiet: { host: string; administrator: { name: string; password: string } };

beforeAll(async () => {
  api = await openTestApi();
  const tenant = await api.tenancy.aTenant();
  const administrator = await api.tenancy.asOwner(tenant, (owner) =>
    createFirstAdministrator(owner, { name: "admin", fullName: "Quinn Quiet" }),
  );
  await api.tenancy.asOwner(tenant, settlePasswords);
  quiet = { host: tenant.host, administrator };
  await api.http.listen({ port: 0, host: "127.0.0.1" });
  ({ port } = api.http.server.address() as AddressInfo);
});
afterAll(() => api.close());

test("three hundred anonymous sign-ins at one tenant refuse none at another, and are told when to come again", async () => {
  const flood = guesses(300, () => api.browser({ ip: "203.0.113.9" }));
  const others = await Promise.all(Array.from({ length: 5 }, async () => (await signInQuietly()).status));
  expect(others).toEqual([200, 200, 200, 200, 200]);
  const answers = await flood;
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(150);
  for (const { headers, body } of refused) {
    expect(Number(headers["retry-after"])).toBeGreaterThanOrEqual(1);
    expect(body.error.message).toMatch(/Try again in \d+ seconds?\./);
  }
  expect(hashShares.counts).toEqual({ taken: 0, waiting: 0, remembered: 0 });
});

test("who is refused for too many sign-ins has not guessed: the user is not blocked", async () => {
  const user = await api.aUser({ name: "unlucky", level: 61 });
  const flood = guesses(80, () => api.browser({ ip: "203.0.113.9" }));
  const tries = Array.from({ length: 60 }, () =>
    api.browser({ ip: "203.0.113.9" }).signIn("unlucky", user.password),
  );
  const statuses = (await Promise.all(tries)).map(({ status }) => status);
  expect(statuses).toContain(429);
  await flood;
  expect((await api.browser().signIn("unlucky", user.password)).status).toBe(200);
});

test("four hundred questions at once of a display-only user refuse nobody else's", async () => {
  const user = await api.aUser({ name: "busy", level: 25 });
  const colleague = await api.aUser({ name: "colleague", level: 25 });
  const [busy, beside, quietly] = [
    await api.signedIn("busy", user.password),
    await api.signedIn("colleague", colleague.password),
    await quietBrowser(),
  ];
  await Promise.all([busy, beside, quietly].map((browser) => browser.ask("GET", "/api/session")));
  const flood = Promise.all(Array.from({ length: 400 }, () => busy.ask("GET", "/api/organisations")));
  const unknown = Promise.all(
    Array.from({ length: 400 }, () => api.browser({ ip: "203.0.113.9" }).ask("GET", "/api/organisations")),
  );
  const others = await Promise.all(
    [beside, quietly].flatMap((browser) =>
      Array.from({ length: 20 }, async () => (await browser.ask("GET", "/api/organisations")).status),
    ),
  );
  expect(new Set(others)).toEqual(new Set([200]));
  const answers = [...(await flood), ...(await unknown)];
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 401, 429]));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.every(({ headers }) => Number(headers["retry-after"]) >= 1)).toBe(true);
});

test("questions that hang take neither a colleague's connection nor another tenant's", async () => {
  const user = await api.aUser({ name: "hanging", level: 25 });
  const [hanging, quietly] = [await api.signedIn("hanging", user.password), await quietBrowser()];
  await hanging.ask("GET", "/api/session");
  await api.tenancy.asOwner(api.tenant, async (owner) => {
    await owner.query("begin; lock table public.organisation in access exclusive mode");
    const hung = Array.from({ length: 30 }, () => hanging.ask("GET", "/api/organisations"));
    for (let n = 0; n < 10; n++) {
      expect((await api.asAdministrator.ask("GET", "/api/session")).status).toBe(200);
      expect((await quietly.ask("GET", "/api/organisations")).status).toBe(200);
    }
    await owner.query("rollback");
    expect(new Set((await Promise.all(hung)).map(({ status }) => status))).toEqual(new Set([200]));
  });
});

test("a display-only user keeps six streams, the newest ones but for a flood of them, and another tenant's open all the same", async () => {
  const user = await api.aUser({ name: "watching", level: 25 });
  const watching = await api.signedIn("watching", user.password);
  const mine: Stream[] = [];
  const openSix = async () => {
    for (let n = 0; n < 6; n++) mine.push(await openStream(api.tenant.host, watching));
  };
  await openSix();
  const atOnce = await openStream(api.tenant.host, watching);
  expect([atOnce.answer.statusCode, atOnce.answer.headers["retry-after"]]).toEqual([429, "2"]);
  await delay(2_000);
  await openSix();
  const quietly = await openStream(quiet.host, await quietBrowser());
  expect([...mine, quietly].every(({ answer }) => answer.statusCode === 200)).toBe(true);
  await Promise.all(mine.slice(0, 6).map(({ ended }) => ended));
  for (const { text } of mine.slice(0, 6)) expect(text()).toContain("event: elsewhere");
  expect(mine.slice(6).some(({ answer }) => answer.complete)).toBe(false);
  for (const { answer } of [...mine, quietly]) answer.destroy();
});

test("connections held open anonymously end at their address's share, and no other address is refused", async () => {
  const held = [];
  for (let n = 0; n < 300; n++) held.push(await openSocket("127.0.0.2"));
  expect(held.filter(({ refused }) => refused)).toHaveLength(300 - 256);
  expect((await openSocket("127.0.0.3")).refused).toBe(false);
  for (const { socket } of held) socket.destroy();
});

test("bodies that never come, sent from a few addresses, keep nobody else from signing in", async () => {
  const slow = [];
  for (const path of ["/api/sign-in", "/api/session/password", "/api/nowhere"])
    for (const address of ["127.0.0.5", "127.0.0.6", "127.0.0.7"])
      for (let n = 0; n < 8; n++) slow.push(await sendSlowly(path, address));
  const from = performance.now();
  const { name, password } = api.administrator;
  expect((await api.browser({ ip: "203.0.113.10" }).signIn(name, password)).status).toBe(200);
  expect(performance.now() - from).toBeLessThan(9_000);
  for (const socket of slow) socket.destroy();
});

test("five hundred anonymous refusals of one address are some dozen rows, and every one is in them", async () => {
  const served = await serveTenant(api.tenancy, { key: randomName("k"), name: "Knocked at" });
  const knock = () => served.browser({ ip: "203.0.113.9" }).ask("GET", "/api/organisations");
  const answers = [];
  for (let n = 0; n < 20; n++) answers.push(...(await Promise.all(Array.from({ length: 25 }, knock))));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  await served.close();
  const { rows } = await api.tenancy.asOwner(served.tenant, (owner) =>
    owner.query<{ rows: number; refusals: number }>(`select count(*)::int as rows,
      sum(coalesce((detail ->> 'count')::int, 1))::int as refusals
      from public.audit where outcome = 'signed_out' and host(ip) = '203.0.113.9'`),
  );
  expect(rows[0]?.refusals).toBe(500);
  expect(rows[0]?.rows).toBeLessThan(100);
});

type Stream = { answer: IncomingMessage; ended: Promise<unknown>; text: () => string };

const openStream = (host: string, { cookies }: Browser) =>
  new Promise<Stream>((resolve, reject) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const options = { host: "127.0.0.1", port, path: "/api/stream", headers: { host, cookie }, agent: false };
    get(options, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => (text += part));
      answer.on("error", () => undefined);
      resolve({ answer, text: () => text, ended: new Promise((ended) => answer.once("end", ended)) });
    }).on("error", reject);
  });

/** Opened, and asked something; refused when that is not what is answered. */
const openSocket = (localAddress: string) =>
  new Promise<{ socket: ReturnType<typeof connect>; refused: boolean }>((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, localAddress });
    socket.once("data", (bytes) => resolve({ socket, refused: String(bytes).startsWith("HTTP/1.1 429") }));
    socket.once("error", reject);
    socket.write(`GET /api/session HTTP/1.1\r\nhost: ${quiet.host}\r\n\r\n`);
  });

/** A head, and of its body one byte; the server has seen it. */
const sendSlowly = (path: string, localAddress: string) =>
  new Promise<ReturnType<typeof connect>>((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, localAddress });
    socket.once("error", reject);
    const head = `POST ${path} HTTP/1.1\r\nhost: ${api.tenant.host}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n`;
    api.http.server.once("request", () => resolve(socket));
    socket.write(`${head}\r\n{`);
  });

async function quietBrowser(): Promise<Browser> {
  const browser = api.browser({ host: quiet.host });
  await browser.signIn(quiet.administrator.name, quiet.administrator.password);
  return browser;
}

const signInQuietly = () =>
  api.browser({ host: quiet.host }).signIn(quiet.administrator.name, quiet.administrator.password);

const guesses = (count: number, browser: () => Browser) =>
  Promise.all(Array.from({ length: count }, (_, n) => browser().signIn(`nobody ${n}`, "wrong")));
