import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { openHttp } from "./open-http.ts";

let reasons: string[] = [];
const answered: number[] = [];
let http: Awaited<ReturnType<typeof openHttp>>;
let behindProxy: Awaited<ReturnType<typeof openHttp>>;
beforeAll(async () => {
  const options = {
    tenantAt: async () => undefined,
    routes: {},
    log: openLog({ level: "silent" }),
    host: {
      instance: "this one",
      notReady: async () => reasons,
      metrics: async () => "strongroom_tenants 1\n",
      metricsFrom: ["10.0.0.0/8", "2001:db8::7"],
      answered: (status: number) => void answered.push(status),
    },
  };
  http = await openHttp(options);
  behindProxy = await openHttp({ ...options, proxies: ["127.0.0.1"] });
});
afterAll(async () => {
  await http.close();
  await behindProxy.close();
});

test("a load balancer that knows no tenant's name is told whether the program lives and is ready, and why not", async () => {
  const ask = (url: string) =>
    http.inject({ url, remoteAddress: "203.0.113.9", headers: { host: "10.0.0.5" } });
  expect((await ask("/health/live")).json()).toEqual({ live: true });
  expect((await ask("/health/ready")).json()).toEqual({ ready: true, reasons: [] });
  reasons = ["registry_away"];
  const refused = await ask("/health/ready");
  expect([refused.statusCode, refused.json()]).toEqual([503, { ready: false, reasons: ["registry_away"] }]);
  expect((await ask("/api/session")).statusCode).toBe(404);
  expect(answered).toEqual([200, 200, 503, 404]);
});

const forwarded = { "x-forwarded-for": "203.0.113.9" };
test.each([
  { from: "127.0.0.1", status: 200, because: "this machine may" },
  { from: "::1", status: 200, because: "so by its other address" },
  { from: "10.20.30.40", status: 200, because: "its network is listed" },
  { from: "::ffff:10.20.30.40", status: 200, because: "written otherwise it is the same network" },
  { from: "2001:db8::7", status: 200, because: "its address is listed" },
  { from: "203.0.113.9", status: 404, because: "nobody listed it" },
  { from: "127.0.0.1", headers: forwarded, status: 404, because: "it came through a proxy nobody trusts" },
])("metrics asked from $from answer $status: $because", async ({ from, headers = {}, status }) => {
  const answer = await http.inject({ url: "/metrics", remoteAddress: from, headers });
  expect(answer.statusCode).toBe(status);
});

test("behind a trusted proxy it is the visitor's own address that counts", async () => {
  const from = (address: string) =>
    behindProxy.inject({
      url: "/metrics",
      remoteAddress: "127.0.0.1",
      headers: { "x-forwarded-for": address },
    });
  expect((await from("203.0.113.9")).statusCode).toBe(404);
  expect((await from("10.1.1.1")).statusCode).toBe(200);
  expect((await from("127.0.0.1")).statusCode).toBe(200);
});
