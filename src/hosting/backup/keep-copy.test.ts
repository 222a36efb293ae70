import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import type { BuiltInBackups } from "./built-in.ts";
import { copyNew, startCopying, type CopyPair } from "./keep-copy.ts";
import { once as oneChunk, type BackupLocation } from "./location.ts";
import { writeManifest } from "./manifest.ts";
import { openBuiltIn } from "./open-backups.ts";
import { storeFile } from "./store-file.ts";
import { segmentName } from "./wal-names.ts";

let root: string;
let backups: BuiltInBackups;
let pair: CopyPair;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "strongroom-copied-"));
  const environment = {
    STRONGROOM_BACKUP: join(root, "first"),
    STRONGROOM_BACKUP_COPY: join(root, "second"),
    STRONGROOM_BACKUP_SAME_DISK: "accept",
  };
  backups = (await openBuiltIn(join(root, "data"), environment, new Date()))!;
  pair = { location: backups.location, copy: backups.copy!, keyring: backups.keyring };
});
afterEach(() => rm(root, { recursive: true, force: true }));

const store = (name: string, content: Uint8Array) =>
  storeFile(backups.location, backups.keyring.current, name, oneChunk(content));
const namesIn = async (location: BackupLocation, folder: string) =>
  (await location.list(folder)).map(({ name }) => name).sort();
const bytesOf = (which: "first" | "second", name: string) => readFile(join(root, which, name));

test("a program killed in the middle of copying leaves nothing half, and the next one copies the rest", async () => {
  const names = ["base/1/server.tar.zst", "base/1/2.tar.zst", "base/1/manifest"];
  for (const name of names) await store(name, randomBytes(name.endsWith("zst") ? 60_000_000 : 100));
  const program = join(import.meta.dirname, "../../testing/copy-to-kill.ts");
  const child = spawn(process.execPath, [program, join(root, "data")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const drafts = async () =>
    (await readdir(join(root, "second/base/1")).catch(() => [])).filter((name) => name.endsWith(".partial"));
  while (child.exitCode === null && (await drafts()).length === 0) await delay(1);
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  expect(await drafts()).toHaveLength(1);
  expect(await namesIn(pair.copy, "base")).not.toContain("base/1/manifest");
  await copyNew(pair, "base");
  for (const name of names)
    expect((await bytesOf("second", name)).equals(await bytesOf("first", name))).toBe(true);
  expect(await copyNew(pair, "base")).toBe(0);
}, 30_000);

test("what is shipped is in the second location at once, and not at the next look", async () => {
  const copier = startCopying(pair, openLog({ level: "silent" }));
  await store("wal/before", randomBytes(100));
  await expect.poll(() => namesIn(pair.copy, "wal"), { timeout: 10_000 }).toEqual(["wal/before"]);
  // The next look is two seconds away; the copying ends before it.
  await storeFile(copier.location, backups.keyring.current, "wal/shipped", oneChunk(randomBytes(100)));
  await copier.stop();
  expect(await namesIn(pair.copy, "wal")).toEqual(["wal/before", "wal/shipped"]);
}, 30_000);

test("a file that does not open is not copied, and keeps no other one waiting", async () => {
  for (const name of ["wal/a", "wal/b", "wal/c"]) await store(name, randomBytes(1_000_000));
  const bytes = await bytesOf("first", "wal/b");
  bytes[500_000] = (bytes[500_000] ?? 0) ^ 1;
  await writeFile(join(root, "first/wal/b"), bytes);
  await expect(copyNew(pair, "wal")).rejects.toThrow("wal/b is damaged");
  expect(await namesIn(pair.copy, "wal")).toEqual(["wal/a", "wal/c"]);
});

test("what was copied of a base backup that was given up goes, and a whole one that the first has lost stays", async () => {
  for (const name of ["base/1/server.tar.zst", "base/1/manifest", "base/2/server.tar.zst"])
    await store(name, randomBytes(100));
  await copyNew(pair, "base");
  for (const label of ["base/1", "base/2"]) await backups.location.remove(label);
  await copyNew(pair, "base");
  expect(await namesIn(pair.copy, "base")).toEqual(["base/1/manifest", "base/1/server.tar.zst"]);
});

const day = (number: number) => new Date(Date.UTC(2026, 0, number));

async function makeBase(number: number): Promise<void> {
  const { location, keyring } = backups;
  const name = segmentName({ timeline: 1, number });
  await store(`wal/${name.slice(0, 16)}/${name}.${day(number).getTime()}`, Buffer.from("log"));
  const at = day(number).toISOString();
  await writeManifest(location, keyring, {
    format: 1,
    label: `2026-01-${String(number).padStart(2, "0")}T00-00-00Z`,
    startedAt: at,
    stoppedAt: at,
    timeline: 1,
    startSegment: name,
    stopSegment: name,
    systemIdentifier: "1",
    serverVersion: 18,
    backupLabel: "",
    tablespaceMap: "",
    databases: [],
    parts: [],
  });
}

test("what is old is removed from both locations, also when one of them had lost it before", async () => {
  for (let number = 1; number <= 16; number++) await makeBase(number);
  for (const folder of ["wal", "base"]) await copyNew(pair, folder);
  await backups.location.remove("base/2026-01-02T00-00-00Z");
  // A copy that is away keeps nobody from it, and is cleared when it is back.
  await rename(join(root, "second"), join(root, "unmounted"));
  await backups.purge(day(28));
  expect(await backups.purge(day(29.1))).toContain("Removed 1 base backups");
  await rename(join(root, "unmounted"), join(root, "second"));
  await backups.purge(day(30));
  await backups.purge(day(31.1));
  for (const location of [pair.location, pair.copy]) {
    const left = await namesIn(location, "base");
    // As many as the days that are kept, whatever the clock says.
    expect(left).toHaveLength(14);
    expect(left[0]).toBe("base/2026-01-03T00-00-00Z/manifest");
    expect(await location.list("wal")).toHaveLength(14);
  }
  expect((await copyNew(pair, "base")) + (await copyNew(pair, "wal"))).toBe(0);
});
