import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { openLog } from "../log/index.ts";
import { answerBytesMax } from "./answer-body.ts";
import { openHttp, type HttpOptions } from "./open-http.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** The real server with one page of the host's own, of that many bytes. */
async function serving(bytes: number, more: Partial<HttpOptions> = {}) {
  const http = await openHttp({
    tenantAt: async () => undefined,
    routes: {},
    log: openLog({ level: "silent" }),
    host: {
      notReady: async () => [],
      metrics: async () => "x".repeat(bytes),
      metricsFrom: [],
      answered: () => undefined,
      instance: "any",
    },
    ...more,
  });
  closers.push(() => http.close());
  await http.listen({ port: 0, host: "127.0.0.1" });
  const { port } = http.server.address() as AddressInfo;
  return { http, open: () => connect(port, "127.0.0.1") };
}

const asking = "GET /metrics HTTP/1.1\r\nHost: any\r\n\r\n";
const ends = async (socket: Socket) => {
  socket.on("error", () => undefined);
  if (!socket.closed) await once(socket, "close");
  return true;
};
const pace = { bytesPerSecond: 100_000, windowMilliseconds: 200 };

test("who asks for a large answer and does not read it is dropped", async () => {
  const { http, open } = await serving(answerBytesMax - 1_000, { pace });
  const [server] = await Promise.all([
    once(http.server, "connection"),
    (async () => {
      const socket = open().pause();
      socket.write(asking);
    })(),
  ]);
  expect(await ends(server[0] as Socket)).toBe(true);
});

test("who reads slowly but steadily gets all of it", async () => {
  const patient = { bytesPerSecond: 1_000, windowMilliseconds: 1_000 };
  const { open } = await serving(answerBytesMax - 1_000, { pace: patient });
  const socket = open();
  socket.write(asking.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
  let read = 0;
  for await (const chunk of socket) {
    read += (chunk as Buffer).length;
    await wait(20);
  }
  expect(read).toBeGreaterThan(answerBytesMax - 1_000);
});

const timeouts = { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 };
test.each([
  { sent: "", because: "nothing comes" },
  { sent: "GET / HTTP/1.1\r\nHo", because: "its head never ends" },
  {
    sent: "POST /api/sign-in HTTP/1.1\r\nHost: any\r\nContent-Length: 1000\r\n\r\n{",
    because: "its body never comes",
  },
])("a connection is ended when $because", async ({ sent }) => {
  const { open } = await serving(1, { timeouts });
  const socket = open().resume();
  if (sent !== "") socket.write(sent);
  expect(await ends(socket)).toBe(true);
});

test("a connection on which hundreds of requests are sent at once is ended", async () => {
  const { open } = await serving(100_000);
  const socket = open();
  socket.write(asking.repeat(300));
  let answers = 0;
  socket.on("data", (chunk) => (answers += String(chunk).split("HTTP/1.1 200").length - 1));
  expect(await ends(socket)).toBe(true);
  expect(answers).toBeLessThan(300);
});

test("an answer made as a whole is refused when it is larger than its budget", async () => {
  const { http } = await serving(answerBytesMax + 1);
  const { statusCode, body } = await http.inject("/metrics");
  expect([statusCode, JSON.parse(body).error.code]).toEqual([400, "too_broad"]);
});

test("answers are compressed for who takes it, unless they are small or another site has them asked for", async () => {
  const { http } = await serving(5_000);
  const asked = async (url: string, headers: Record<string, string>) => {
    const answer = await http.inject({ url, headers });
    return { encoding: answer.headers["content-encoding"], bytes: answer.rawPayload, text: answer.body };
  };
  const plain = await asked("/metrics", {});
  expect(plain.encoding).toBeUndefined();
  const zstd = await asked("/metrics", { "accept-encoding": "gzip, deflate, br, zstd" });
  expect([zstd.encoding, String(zstdDecompressSync(zstd.bytes))]).toEqual(["zstd", plain.text]);
  const brotli = await asked("/metrics", { "accept-encoding": "gzip, deflate, br" });
  expect([brotli.encoding, String(brotliDecompressSync(brotli.bytes))]).toEqual(["br", plain.text]);
  const gzip = await asked("/metrics", { "accept-encoding": "gzip, zstd;q=0" });
  expect([gzip.encoding, String(gunzipSync(gzip.bytes))]).toEqual(["gzip", plain.text]);
  const foreign = { "accept-encoding": "gzip", "sec-fetch-site": "cross-site" };
  expect((await asked("/metrics", foreign)).encoding).toBeUndefined();
  expect((await asked("/health/live", { "accept-encoding": "gzip" })).encoding).toBeUndefined();
});
