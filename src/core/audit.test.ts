import { expect, test } from "vitest";
import { z } from "zod";
import { command, query } from "./action.ts";
import { AuditBuffer } from "./audit.ts";
import type { Call } from "./call.ts";
import { perform } from "./perform.ts";

const inside = { input: z.strictObject({}), output: z.object({}), summary: "", run: async () => ({}) };
const requestId = "019f0000-0000-7000-8000-000000000000";
const row = {
  at: new Date(0),
  userId: 1,
  sessionId: null,
  requestId,
  ip: "192.0.2.1",
  action: "organisation.list",
  outcome: "done",
};

test("while the log cannot be written reading stops, and a change goes on, whose own transaction writes it", async () => {
  const away = new Error("The database was asked.");
  const pool = () => {
    throw away;
  };
  const audit = new AuditBuffer({ pool, door: () => Buffer.alloc(32) });
  const call = {
    tenant: { id: "one", pool, audit },
    ip: "192.0.2.1",
    requestId,
    language: "en",
    zone: "UTC",
  };
  const reading = () => perform(query({ ...inside, name: "test.read" }), call as unknown as Call, {});
  const changing = () => perform(command({ ...inside, name: "test.change" }), call as unknown as Call, {});
  await expect(reading()).rejects.toBe(away);
  audit.add({ ...row, detail: { q: "x".repeat(9_000_000) } });
  await expect(reading()).rejects.toMatchObject({ code: "unavailable" });
  await expect(changing()).rejects.toBe(away);
});

test("a row that the database will not have keeps no other out of the log, and what it tells is all that is left out", async () => {
  const written: { recordId?: string; detail?: unknown }[] = [];
  let isAway = false;
  const query = async ({ values }: { values: unknown[] }) => {
    const { rows } = JSON.parse(String(values[0])) as { rows: typeof written };
    if (isAway) throw new Error("Connection terminated unexpectedly");
    if (rows.some(({ detail }) => detail === "bad"))
      throw Object.assign(new Error("unsupported"), { code: "22P05" });
    written.push(...rows);
    if (written.length === 2) isAway = true;
  };
  const audit = new AuditBuffer({ pool: () => ({ query }) as never, door: () => Buffer.alloc(32) });
  const details = ["a", "b", "bad", "c"];
  for (const detail of details) audit.add({ ...row, detail });
  await audit.flush();
  expect(written.map(({ detail }) => detail)).toEqual(["a", "b"]);
  isAway = false;
  await audit.flush();
  expect(written.map(({ detail }) => detail)).toEqual(["a", "b", { left_out: true }, "c"]);
});
