import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "#testing/api.ts";

let api: TestApi;
let port: number;
beforeAll(async () => {
  api = await openTestApi();
  await api.http.listen({ port: 0, host: "127.0.0.1" });
  port = (api.http.server.address() as AddressInfo).port;
});
afterAll(() => api.close());

/** The status of what is sent byte by byte, with `%` for the tenant's own host name. */
async function status(target: string, headers: readonly string[]): Promise<number> {
  const socket = connect(port, "127.0.0.1");
  const lines = [`GET ${target} HTTP/1.1`, ...headers, "Connection: close", "", ""];
  socket.write(lines.join("\r\n").replaceAll("%", api.tenant.host));
  return Number((await text(socket)).split(" ")[1]);
}

test.each([
  { headers: ["Host: %"], answer: 401 },
  { headers: ["Host: %:3000"], answer: 401 },
  { headers: ["Host: %", "X-Forwarded-Host: elsewhere"], answer: 401 },
])("$headers names the tenant", async ({ headers, answer }) => {
  expect(await status("/api/session", headers)).toBe(answer);
});

test.each([
  { headers: ["Host: %:80@elsewhere"] },
  { headers: ["Host: %:elsewhere"] },
  { headers: ["Host: someone@%"] },
  { headers: ["Host: %."] },
  { headers: ["Host: %/"] },
  { headers: ["Host: %, elsewhere"] },
  { headers: ["Host: elsewhere", "X-Forwarded-Host: %"] },
  { headers: ["Host: elsewhere", "Forwarded: host=%"] },
  { headers: ["Host: %", "Host: elsewhere"] },
  { headers: ["Host: elsewhere", "Host: %"] },
  { headers: ["Host: %"], target: "http://elsewhere/api/session" },
])("$headers asked for $target names nobody", async ({ headers, target = "/api/session" }) => {
  expect([400, 404]).toContain(await status(target, headers));
});
