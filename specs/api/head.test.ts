import { Agent, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "#testing/api.ts";

let api: TestApi;
let port: number;
/** As a proxy before the program: one connection, on which one visitor's request follows another's. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
beforeAll(async () => {
  api = await openTestApi();
  await api.http.listen({ port: 0, host: "127.0.0.1" });
  port = (api.http.server.address() as AddressInfo).port;
});
afterAll(async () => {
  agent.destroy();
  await api.close();
});

function status(method: string, path: string): Promise<number | undefined> {
  const cookie = [...api.asAdministrator.cookies].map((pair) => pair.join("=")).join("; ");
  const headers = { host: api.tenant.host, cookie };
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: "127.0.0.1", method, path, headers, agent }, (answer) => {
      answer.resume().once("end", () => resolve(answer.statusCode));
    });
    sent.setTimeout(5_000, () => sent.destroy(new Error(`${method} ${path} is not answered`)));
    sent.once("error", reject).end();
  });
}

test("whoever asks for the head of a stream is answered, and so is who comes next on his connection", async () => {
  for (const path of ["/api/stream", `/api/imports/${crypto.randomUUID()}/report`]) {
    expect(await status("HEAD", path)).toBe(404);
    expect(await status("GET", "/api/session")).toBe(200);
  }
});

test("the head of a list is answered like the list", async () => {
  expect(await status("HEAD", "/api/organisations")).toBe(200);
  expect(await status("GET", "/api/session")).toBe(200);
});
