import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openRunningSystem, openThrowaway } from "#apps/controls/open-system.ts";
import {
  allControls,
  breakingOrder,
  firstTampered,
  lastChecks,
  nextCheck,
  openCanary,
  tryFault,
  type Canary,
} from "#controls/index.ts";

// The program itself runs, as a process on a data folder of its own; controls meet it through HTTP and SQL alone.
let throwaway: Awaited<ReturnType<typeof openThrowaway>>;
let canary: Canary;
beforeAll(async () => {
  throwaway = await openThrowaway();
}, 120_000);
afterAll(() => throwaway.close(), 60_000);

test("the program's own schedule has one control checked alone, and its evidence is told", async () => {
  const { code, stdout } = await run("--json", "--only=W-13");
  expect([code, (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id)]).toEqual([0, ["W-13"]]);
  const { registry } = throwaway.system.tenancy;
  expect((await lastChecks(registry)).get("W-13")?.getTime()).toBeGreaterThan(0);
  expect(nextCheck([{ id: "W-13" }], await lastChecks(registry), new Date())).toBeUndefined();
}, 60_000);

test("the controls find the program of their data folder, whatever answers where one would expect it", async () => {
  const foreign = createServer((_request, answer) => answer.setHeader("x-request-id", "other").end("{}"));
  await once(foreign.listen(0, "127.0.0.1"), "listening");
  vi.stubEnv("PORT", String((foreign.address() as AddressInfo).port));
  vi.stubEnv("STRONGROOM_DATA", throwaway.directory);
  const { system, close } = await openRunningSystem();
  try {
    expect(system.address.port).toBe(throwaway.system.address.port);
  } finally {
    vi.unstubAllEnvs();
    await close();
    foreign.close();
  }
});

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { address } = throwaway.system;
  const environment = {
    ...process.env,
    STRONGROOM_DATA: throwaway.directory,
    PORT: String(address.port),
    HOST: address.host,
  };
  const child = spawn(process.execPath, [join("src/apps/controls/controls.ts"), ...args], {
    env: environment,
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, stdout, stderr };
}

test(
  "an operator who asks for the controls in JSON gets an array and nothing else, and every one is kept",
  { timeout: 240_000 },
  async () => {
    // Where there is one disk alone, the backups are not separate and W-24 must say so.
    const { separate } = await (await throwaway.system.backups())!.status(new Date());
    const rightly = (id: string) => (id === "W-24" && !separate ? "broken" : "kept");
    const { code, stdout, stderr } = await run("--json");
    const results = JSON.parse(stdout) as { id: string; state: string; observed: Record<string, unknown> }[];
    expect(stderr).toBe("");
    expect(results.map(({ id, state }) => `${id} ${state}`)).toEqual(
      allControls.map(({ id }) => `${id} ${rightly(id)}`),
    );
    for (const result of results) expect(Object.keys(result).sort()).toEqual(["id", "observed", "state"]);
    // Refused to everybody, without an end, what would take the canary itself back, and what needs a moment of it.
    const withoutAllowed = results.find(({ id }) => id === "D-19")?.observed["withoutAllowed"];
    expect(String(withoutAllowed).split(" ").sort()).toEqual([
      "moment.changes",
      "moment.close",
      "moment.counts",
      "moment.record",
      "moment.take_back",
      "moment.take_back_deleted",
      "person.reassign",
      "restore.ask",
      "restore.back",
      "restore.cancel",
      "stream.look",
      "take_back.records",
      "take_back.show",
      "take_back.undo",
    ]);
    expect(code).toBe(separate ? 0 : 1);
  },
);

const faults = breakingOrder.flatMap((control) =>
  control.faults.map((fault) => ({ control, fault, id: control.id, name: fault.name })),
);

test.each(faults)(
  "$id turns red when $name, and green again",
  { timeout: 180_000 },
  async ({ control, fault }) => {
    canary ??= await openCanary(throwaway.system);
    const { separate } = await (await throwaway.system.backups())!.status(new Date());
    if (control.id === "W-24" && !separate)
      return void expect((await tryFault(control, fault, throwaway.system, canary)).broken.state).toBe(
        "unknown",
      );
    const { broken, mended } = await tryFault(control, fault, throwaway.system, canary);
    expect(broken).toMatchObject({ id: control.id, state: "broken" });
    expect(mended).toMatchObject({ id: control.id, state: "kept" });
  },
);

test("what was seen stays as evidence that nobody can change unseen", async () => {
  const { registry } = throwaway.system.tenancy;
  const { rows } = await registry.query<{ control: string }>(
    "select distinct control from evidence order by control",
  );
  expect(rows.map(({ control }) => control)).toEqual(allControls.map(({ id }) => id).sort());
  expect(await firstTampered(registry)).toBeUndefined();
  for (const statement of ["update evidence set holds = true", "delete from evidence", "truncate evidence"])
    await expect(registry.query(statement)).rejects.toMatchObject({ code: "42501" });
  const [red] = (
    await registry.query<{ seq: number }>("select seq from evidence where not holds order by seq limit 1")
  ).rows;
  await registry.query("alter table evidence disable trigger user");
  await registry.query("update evidence set holds = true where seq = $1", [red?.seq]);
  expect(await firstTampered(registry)).toBe(Number(red?.seq));
});

test("every control says in both languages what it promises, and where that was promised", () => {
  for (const { id, statement, source, expected, faults: its } of allControls) {
    expect([id, statement.en.length > 20, statement.da.length > 20, expected.length > 20]).toEqual([
      id,
      true,
      true,
      true,
    ]);
    expect(source.section).not.toBe("");
    expect(its.length).toBeGreaterThan(0);
  }
  expect(new Set(allControls.map(({ id }) => id)).size).toBe(allControls.length);
});
