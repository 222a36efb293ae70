import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { get } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { joinServer } from "#platform/postgres/index.ts";
import { openTenancy } from "#platform/tenancy/index.ts";
import { RunningHost } from "#testing/running-host.ts";

let host: RunningHost;
let password: string;
let demoPassword: string;
let cookie: string;

beforeAll(async () => {
  host = await RunningHost.start();
  password = host.passwordOf("admin");
  demoPassword = host.passwordOf("dustin.brinkmann");
  cookie = await host.signIn("maven", "admin", password);
}, 120_000);
afterAll(() => host.remove());

const ask = (method: string, path: string, body?: unknown) =>
  host.ask("maven", method, path, { cookie, ...(body === undefined ? {} : { body }) });
const create = (name: string) => ask("POST", "/api/organisations", { name });
const isThere = async (name: string) =>
  (
    await ask(
      "GET",
      `/api/organisations/count?filter=${encodeURIComponent(JSON.stringify({ field: "name", op: "eq", value: name }))}`,
    )
  ).body.count;

test("the first start makes the demo tenant with the figures of the published data", async () => {
  const counts: Record<string, unknown> = {};
  for (const person of ["admin", "dustin.brinkmann", "melvin.marxen", "summer.sewald", "rocco.neubert"]) {
    const theirs = await host.signIn("maven", person, host.passwordOf(person));
    counts[person] = (await host.ask("maven", "GET", "/api/opportunities/count", { cookie: theirs })).body;
  }
  const central = { count: 3512, exact: true, totals: { USD: 3346293 } };
  expect(counts).toEqual({
    admin: { count: 8800, exact: true, totals: { USD: 10005534 } },
    "dustin.brinkmann": central,
    "melvin.marxen": central,
    "summer.sewald": { count: 2997, exact: true, totals: { USD: 3568647 } },
    "rocco.neubert": { count: 2291, exact: true, totals: { USD: 3090594 } },
  });
});

test("while the database is away people are asked to wait, and when it is back they go on without a restart", async () => {
  const [postmaster] = (await readFile(join(host.directory, "postgres/postmaster.pid"), "utf8")).split("\n");
  process.kill(Number(postmaster), "SIGKILL");
  const { status, headers, body } = await create("While away");
  if (status !== 201) {
    expect({ status, code: body.error.code }).toEqual({ status: 503, code: "unavailable" });
    expect(headers["retry-after"]).toBeDefined();
  }
  await expect
    .poll(async () => (await create("After it came back")).status, { timeout: 30_000, interval: 300 })
    .toBe(201);
}, 60_000);

test("what was acknowledged before a kill -9 is there after the next start, and the log says what it may miss", async () => {
  const acknowledged: string[] = [];
  const writing = (async () => {
    for (let n = 0; n < 500; n++) {
      const { status } = await create(`Survivor ${n}`);
      if (status === 201) acknowledged.push(`Survivor ${n}`);
    }
  })().catch(() => undefined);
  await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(20);
  await host.end("SIGKILL");
  await writing;
  await host.start();
  cookie = await host.signIn("maven", "admin", password);
  expect(host.output).not.toContain(password);
  for (const name of acknowledged) expect(await isThere(name)).toBe(1);
  expect(await gapsInLog()).toEqual([{ outcome: "done", milliseconds: 1000 }]);
}, 120_000);

/** Looks into the tenant's log as its owner, beside the running program. */
async function gapsInLog(): Promise<unknown[]> {
  const log = openLog({ level: "silent" });
  const server = await joinServer({ directory: host.directory, log });
  const tenancy = await openTenancy({ server, dataDirectory: host.directory, domain: "localhost", log });
  try {
    const gaps =
      "select outcome, (detail ->> 'milliseconds')::integer as milliseconds from public.audit where action = 'audit.gap'";
    return await tenancy.asOwner(
      await tenancy.show("maven"),
      async (owner) => (await owner.query(gaps)).rows,
    );
  } finally {
    await tenancy.close();
    await server.stop();
  }
}

test("an open page is told of a colleague's change within seconds, and of its own end when the session ends", async () => {
  const watching = await host.signIn("maven", "dustin.brinkmann", demoPassword);
  const headers = { host: `maven.localhost:${host.port}`, cookie: watching };
  const stream = get({ host: "127.0.0.1", port: host.port, path: "/api/stream", headers });
  const [answer] = await once(stream, "response");
  let told = "";
  answer.on("data", (chunk: Buffer) => (told += String(chunk)));
  const { body } = await create("Seen at once");
  await expect.poll(() => told, { timeout: 15_000 }).toContain(body.id);
  await host.ask("maven", "POST", "/api/sign-out", { cookie: watching, body: {} });
  await expect.poll(() => told, { timeout: 15_000 }).toContain("event: end");
}, 60_000);

test("Ctrl-C stops everything, database included, also while somebody's page is open", async () => {
  const stream = get({
    host: "127.0.0.1",
    port: host.port,
    path: "/api/stream",
    headers: { host: `maven.localhost:${host.port}`, cookie },
  });
  stream.on("error", () => undefined);
  const [opened] = await once(stream, "response");
  expect(opened.statusCode).toBe(200);
  await host.end("SIGINT");
  await expect(readFile(join(host.directory, "postgres/postmaster.pid"))).rejects.toMatchObject({
    code: "ENOENT",
  });
  await host.start();
  cookie = await host.signIn("maven", "admin", password);
}, 60_000);
