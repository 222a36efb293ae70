import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { RunningHost, watching } from "#testing/running-host.ts";

const hosts: RunningHost[] = [];
afterAll(async () => {
  for (const host of hosts) await host.remove();
});

test("a program that is killed answers again by itself, on the same data, with the reason in log and metrics", async () => {
  const host = await RunningHost.start({}, undefined, "watched");
  hosts.push(host);
  const cookie = await host.signIn("maven", "admin", host.passwordOf("admin"));
  const program = await host.programPid();
  process.kill(program, "SIGKILL");
  await vi.waitFor(
    async () => expect((await host.ask("maven", "GET", "/api/home", { cookie })).status).toBe(200),
    { timeout: 60_000, interval: 100 },
  );
  expect(await host.programPid()).not.toBe(program);
  expect(host.output).toMatch(/"reason":"killed".*"The program died and is started again"/);
  const metrics = await host.ask("localhost", "GET", "/metrics");
  expect(metrics.text).toContain('strongroom_restarts_total{reason="killed"} 1');
  await host.end();
  expect(host.exitCode).toBe(0);
}, 180_000);

test("a program that cannot start because its port is taken ends with a sentence and is not started again", async () => {
  const first = await RunningHost.start({ STRONGROOM_DEMO: "off" }, undefined, "watched");
  hosts.push(first);
  const second = RunningHost.start(
    { STRONGROOM_DEMO: "off", PORT: String(first.port) },
    undefined,
    "watched",
  );
  await expect(second).rejects.toThrow(/Port \d+ is taken by another program/);
  await expect(second).rejects.not.toThrow(/started again/);
}, 180_000);

test.each([
  { death: "memory", restarts: { out_of_memory: 1 }, because: "it had no memory left" },
  { death: "kill", restarts: { killed: 1 }, because: "the system killed it" },
  { death: "fault", restarts: { failed: 1 }, because: "nobody caught its error" },
])(
  "a program that died of $death is started once more and told why: $because",
  async ({ death, restarts }) => {
    const { output, code } = await watched(death, "ready");
    expect(
      output
        .trim()
        .split("\n")
        .filter((line) => /^\{("\w+":\d+)?\}$/.test(line)),
    ).toEqual(["{}", JSON.stringify(restarts)]);
    expect(code).toBe(0);
  },
  120_000,
);

test.each([
  { death: "end", ready: "ready", code: 0, because: "it ended in order" },
  { death: "hang", ready: "ready", code: 0, because: "it ended in order, but for a disk that hangs" },
  { death: "setup", ready: "", code: 78, because: "it cannot start as it is set up" },
  { death: "fault", ready: "", code: 1, because: "it was never ready" },
])("a program is not started again when $because", async ({ death, ready, code: expected }) => {
  const { output, code } = await watched(death, ready);
  expect(output.trim().split("\n")[0]).toBe("{}");
  expect(output).not.toContain("started again");
  expect(code).toBe(expected);
});

function watched(death: string, ready: string): Promise<{ output: string; code: number }> {
  const program = resolve(import.meta.dirname, "../../src/testing/program-that-dies.ts");
  return new Promise((done) =>
    execFile(process.execPath, watching(program, death, ready), (error, stdout, stderr) =>
      done({ output: stdout + stderr, code: error === null ? 0 : Number(error.code) }),
    ),
  );
}
