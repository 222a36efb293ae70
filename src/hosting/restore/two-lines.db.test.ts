import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { openBackedUpHost, addTenant, type BackedUpHost } from "#testing/backed-up-host.ts";
import { note, noted } from "#testing/noted.ts";
import { runAgain } from "#testing/recovered.ts";
import { makeBaseBackup } from "../backup/base-backup.ts";
import { endSegment } from "../backup/base-backup.store.ts";
import { builtInBackups } from "../backup/built-in.ts";
import { readCatalog } from "../backup/catalog.ts";
import { folderPlace } from "../backup/folder-location.ts";
import { sheetPath } from "../backup/recovery-sheet.ts";
import { backupStatus } from "../backup/status.ts";
import { recoverServer } from "./recover-server.ts";

const log = openLog({ level: "silent" });
let host: BackedUpHost;
let sheet: string;
let from: string;
let afterFirst: Date;
const copies: string[] = [];

beforeAll(async () => {
  host = await openBackedUpHost();
  from = host.backups.location.name;
  sheet = join(dirname(host.directory), "sheet.txt");
  await writeFile(sheet, await readFile(sheetPath(host.directory)));
  await addTenant(host, "maven");
  await makeBaseBackup(host.backups, host.server.connection, new Date());
  for (const name of ["a", "b", "c", "d", "e"]) {
    await note(host.tenancy, "maven", name);
    await delay(3);
    if (name === "a") afterFirst = new Date();
    await host.backups.archiveAll(host.server.connection);
  }
}, 180_000);
afterAll(async () => {
  for (const copy of copies) await rm(copy, { recursive: true, force: true });
  await host.close();
});

/** The same backups somewhere else, to be damaged; `log` are its files of the log in their order. */
async function copied() {
  const folder = await mkdtemp(join(tmpdir(), "strongroom-lines-"));
  copies.push(folder);
  await cp(from, folder, { recursive: true, preserveTimestamps: true });
  const logFolder = join(folder, "wal/0000000100000000");
  const files = (await readdir(logFolder)).sort().map((name) => join(logFolder, name));
  const place = folderPlace(folder);
  const location = place.open((await place.identity()) ?? "");
  return { folder, log: files, backups: builtInBackups({ ...host.backups, location }) };
}

const recovered = async (folder: string, target?: Date) => {
  const directory = join(folder, "recovered");
  const report = await recoverServer(
    { directory, from: folder, sheet, ...(target === undefined ? {} : { target }) },
    log,
  );
  const there = await runAgain(directory, ({ tenancy }) => noted(tenancy, "maven"));
  return { ...report, there };
};

const problemsOf = async (backups: Parameters<typeof backupStatus>[0]) =>
  (await backupStatus(backups, new Date())).problems;

test("the last three files of the log gone are seen at once by the living server and by a recovery; a second copy of a file under another time, and a stray one, harm nothing", async () => {
  const copy = await copied();
  const [first = "", second = ""] = copy.log.slice(-5);
  await cp(first, first.replace(/\.\d{13}\./, ".1999999999999."));
  await writeFile(`${second.replace(/\.\d{13}\..*/, "")}.1000000000000`, "stray");
  await writeFile(join(dirname(second), "thesis.doc"), "");
  for (const path of copy.log.slice(-3)) await rm(path);
  const said = { code: "log_lacks", words: expect.stringContaining("less than was shipped") };
  expect(await problemsOf(copy.backups)).toContainEqual(said);
  const { there, losses } = await recovered(copy.folder);
  expect(there).toEqual(["a", "b"]);
  expect(losses).toEqual([expect.stringContaining("Files of the log are missing: it was shipped up to")]);
}, 180_000);

test("a file of the log cut to half is seen without opening it, and a recovery goes up to it and says so", async () => {
  const copy = await copied();
  const cut = copy.log.at(-2)!;
  await truncate(cut, Math.floor((await readFile(cut)).length / 2));
  const said = { code: "log_damaged", words: expect.stringMatching(/wal\/.* was cut/) };
  expect(await problemsOf(copy.backups)).toContainEqual(said);
  const { there, losses } = await recovered(copy.folder);
  expect(there).toEqual(["a", "b", "c"]);
  expect(losses.join()).toMatch(/was cut: \d+ of \d+ bytes are there. What was done after .* is lost/);
}, 180_000);

test("a recovery goes up to a file of the log with a flipped bit, and one to a later moment names the last that works", async () => {
  const copy = await copied();
  const damaged = copy.log.at(-2)!;
  const bytes = await readFile(damaged);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  await writeFile(damaged, bytes);
  const later = recoverServer(
    { directory: join(copy.folder, "later"), from: copy.folder, sheet, target: new Date(Date.now() - 1) },
    log,
  );
  await expect(later).rejects.toThrow(/after the last moment|--to \S+ works/);
  const { there, losses, archivedUntil } = await recovered(copy.folder);
  expect(there).toEqual(["a", "b", "c"]);
  expect(losses).toEqual([expect.stringMatching(`is damaged.*what was done after ${archivedUntil} is lost`)]);
}, 180_000);

test("a history of a timeline that is lost or does not open, and strangers beside it, keep nothing out of a recovery", async () => {
  const copy = await copied();
  const history = join(copy.folder, "wal/history/00000002.history");
  await recovered(copy.folder);
  await runAgain(join(copy.folder, "recovered"), async ({ tenancy, backups, server }) => {
    await note(tenancy, "maven", "on the second timeline");
    await backups.archiveAll(server.connection);
  });
  const all = ["a", "b", "c", "d", "e", "on the second timeline"];
  const again = async () => {
    await rm(join(copy.folder, "recovered"), { recursive: true });
    return (await recovered(copy.folder)).there;
  };
  const bytes = await readFile(history);
  await writeFile(join(dirname(history), "thesis.doc"), "");
  expect(await again()).toEqual(all);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  await writeFile(history, bytes);
  const { problems } = await backupStatus(copy.backups, new Date());
  expect(problems.map(({ code }) => code)).not.toContain("location_away");
  expect(await again()).toEqual(all);
  await rm(history);
  expect(await again()).toEqual(all);
}, 180_000);

test("the server that was lost and comes up again is shut out of the backups of the recovered one, and says so", async () => {
  const again = join(dirname(host.directory), "again");
  const { tookOver, losses } = await recoverServer({ directory: again, from, sheet }, log);
  expect({ tookOver, losses }).toEqual({ tookOver: true, losses: [] });
  await note(host.tenancy, "maven", "on the lost one");
  await endSegment(host.server.connection);
  await expect
    .poll(() => problemsOf(host.backups), { timeout: 15_000 })
    .toContainEqual({
      code: "location_taken",
      words: expect.stringContaining("belong to another server"),
    });
  const now = () => new Date(Date.now() + 5_000);
  await expect(makeBaseBackup(host.backups, host.server.connection, now())).rejects.toMatchObject({
    code: "location_taken",
  });
  await expect(host.backups.purge(now())).rejects.toMatchObject({ code: "location_taken" });
  await runAgain(again, async ({ tenancy, backups, server }) => {
    await note(tenancy, "maven", "on the new one");
    await makeBaseBackup(backups, server.connection, now());
    await backups.archiveAll(server.connection);
    expect((await problemsOf(backups)).map(({ code }) => code)).not.toContain("location_taken");
  });
  await rm(join(host.directory, "../again"), { recursive: true });
  const third = await recoverServer({ directory: again, from, sheet }, log);
  const there = await runAgain(again, ({ tenancy }) => noted(tenancy, "maven"));
  expect(there).toEqual(["a", "b", "c", "d", "e", "on the new one"]);
  expect(third.passedOver).toEqual([]);
}, 180_000);

test("after a recovery to an earlier moment, base backups of the line that was left lead nobody astray", async () => {
  const earlier = join(dirname(host.directory), "earlier");
  await recoverServer({ directory: earlier, from, sheet, target: afterFirst }, log);
  await runAgain(earlier, async ({ tenancy, backups, server }) => {
    expect(await noted(tenancy, "maven")).toEqual(["a"]);
    await note(tenancy, "maven", "instead");
    await backups.archiveAll(server.connection);
    const { abandoned, bases } = await readCatalog(backups.location, backups.keyring);
    expect([bases.length, abandoned.length]).toEqual([1, 1]);
    expect((await problemsOf(backups)).map(({ code }) => code)).not.toContain("clock_set_back");
  });
  await rm(earlier, { recursive: true });
  const { passedOver } = await recoverServer({ directory: earlier, from, sheet }, log);
  expect(await runAgain(earlier, ({ tenancy }) => noted(tenancy, "maven"))).toEqual(["a", "instead"]);
  expect(passedOver).toEqual([]);
}, 180_000);
