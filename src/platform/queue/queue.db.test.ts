import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { openTestTenancy, type TestTenancy } from "#testing/postgres.ts";
import { openQueue, type Queue } from "./index.ts";

const pace = { heartbeatSeconds: 10, superviseSeconds: 1 };

let tenancy: TestTenancy;
let queue: Queue;

beforeAll(async () => {
  tenancy = await openTestTenancy();
  queue = await openQueue({
    connection: tenancy.registryConnection,
    log: openLog({ level: "silent" }),
    pace,
  });
});
afterAll(async () => {
  await queue.stop();
  await tenancy.close();
});

test("a job is done once, with what it was given", async () => {
  const done = Promise.withResolvers<object>();
  await queue.work<{ file: string }>("import", async ({ payload, attempt }) =>
    done.resolve({ payload, attempt }),
  );
  await queue.enqueue("import", { file: "a.csv" });
  expect(await done.promise).toEqual({ payload: { file: "a.csv" }, attempt: 1 });
});

test("a second job with the same key is not taken while the first waits; one without a key is", async () => {
  const soon = new Date(Date.now() + 600_000);
  const first = await queue.enqueue("nightly", {}, { singletonKey: "x", startAfter: soon });
  expect(first).toBeTypeOf("string");
  expect(await queue.enqueue("nightly", {}, { singletonKey: "x", startAfter: soon })).toBeUndefined();
  expect(await queue.enqueue("nightly", {}, { startAfter: soon })).toBeTypeOf("string");
  expect(await queue.enqueue("nightly", {}, { startAfter: soon })).toBeTypeOf("string");
});

test("a job that fails is tried again", async () => {
  const attempts: number[] = [];
  const succeeded = Promise.withResolvers<void>();
  await queue.work("flaky", async ({ attempt }) => {
    attempts.push(attempt);
    if (attempt === 1) throw new Error("not yet");
    succeeded.resolve();
  });
  await queue.enqueue("flaky", {});
  await succeeded.promise;
  expect(attempts).toEqual([1, 2]);
});

test("a tenant's jobs run one at a time, and others' and colleagues' first ones go between them", async () => {
  const jobs = [
    ...Array.from({ length: 5 }, (_, n) => ({ job: `flood ${n}`, tenant: "busy", user: 1 })),
    { job: "colleague's", tenant: "busy", user: 2 },
    { job: "quiet's", tenant: "quiet", user: 1 },
  ];
  for (const { job, ...whose } of jobs) await queue.enqueue("fair", { job, ...whose }, { whose });
  const order: string[] = [];
  const running: string[] = [];
  const all = Promise.withResolvers<void>();
  const work = async ({ payload }: { payload: { job: string; tenant: string } }) => {
    expect(running).not.toContain(payload.tenant);
    running.push(payload.tenant);
    order.push(payload.job);
    await new Promise(setImmediate);
    running.splice(running.indexOf(payload.tenant), 1);
    if (order.length === jobs.length) all.resolve();
  };
  await queue.work<{ job: string; tenant: string }>("fair", work, { concurrency: 2 });
  await all.promise;
  expect(order.slice(0, 2).toSorted()).toEqual(["flood 0", "quiet's"]);
  expect(order.indexOf("colleague's")).toBeLessThan(order.indexOf("flood 3"));
});

test("a job whose process is killed is taken up by another", async () => {
  await queue.enqueue("orphaned", {});
  const worker = spawn(
    process.execPath,
    [join(import.meta.dirname, "../../testing/job-that-never-ends.ts"), "orphaned"],
    {
      env: { ...process.env, CONNECTION: JSON.stringify(tenancy.registryConnection) },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const [line] = await once(worker.stdout, "data");
  expect(String(line)).toContain("taken");
  worker.kill("SIGKILL");

  const takenUp = Promise.withResolvers<number>();
  await queue.work("orphaned", async ({ attempt }) => takenUp.resolve(attempt));
  expect(await takenUp.promise).toBe(2);
});
