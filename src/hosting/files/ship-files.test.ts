import { mkdir, mkdtemp, readdir, rename, rm, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { builtInBackups, type BuiltInBackups } from "../backup/built-in.ts";
import { copyNew } from "../backup/keep-copy.ts";
import { once } from "../backup/location.ts";
import { openBuiltIn } from "../backup/open-backups.ts";
import { readFiles } from "./file-backups.ts";
import { keepFile, removeFile, type FileStore } from "./file-store.ts";
import { expendableFiles, keptFiles } from "./kept-files.ts";
import { shipFilesNow, startFileShipping } from "./ship-files.ts";

let root: string;
let backups: BuiltInBackups;
let store: FileStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "strongroom-files-"));
  const environment = {
    STRONGROOM_BACKUP: join(root, "first"),
    STRONGROOM_BACKUP_COPY: join(root, "second"),
    STRONGROOM_BACKUP_SAME_DISK: "accept",
  };
  store = { name: "attachments", root: join(root, "data/files/attachments") };
  const opened = (await openBuiltIn(join(root, "data"), environment, new Date()))!;
  backups = builtInBackups({ ...opened, stores: [store] });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const [one, other] = ["t-one", "t-other"];
const nameOf = (text: string) => text.padEnd(26, "x");
const content = (text: string) => once(Buffer.from(`content of ${text}`));
// Never two things in one millisecond.
async function put(text: string, database = one): Promise<Date> {
  await delay(3);
  await keepFile(store, database, { name: nameOf(text) }, content(text));
  await delay(3);
  return new Date();
}
async function remove(text: string): Promise<Date> {
  await delay(3);
  await removeFile(store, one, nameOf(text), new Date());
  await delay(3);
  return new Date();
}

async function filesAt(target: Date, database = one, from = backups): Promise<string[]> {
  const found = await from.files!.at(database, target);
  const texts = found.map(async (file) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.content()) chunks.push(chunk);
    return Buffer.concat(chunks).toString().replace("content of ", "");
  });
  return (await Promise.all(texts)).sort();
}

/** What lies on the data's disk is gone: only the backups tell. */
const fromBackupsAlone = (location = backups.location) =>
  builtInBackups({ ...backups, location, stores: [{ ...store, root: join(root, "nowhere") }] });

test("at every moment exactly the files are there that were, wherever they were shipped in between", async () => {
  const moments: [Date, string[]][] = [
    [new Date(), []],
    [await put("a"), ["a"]],
    [await put("b"), ["a", "b"]],
  ];
  await shipFilesNow(backups);
  moments.push([await remove("a"), ["b"]]);
  // Nobody shipped it while it was there.
  moments.push([await put("c"), ["b", "c"]], [await remove("c"), ["b"]]);
  // Named by its digest, the same file comes again.
  moments.push([await put("a"), ["a", "b"]]);
  const check = async (from: BuiltInBackups) => {
    for (const [moment, texts] of moments) expect(await filesAt(moment, one, from)).toEqual(texts);
  };
  await check(backups);
  await shipFilesNow(backups);
  await check(backups);
  await check(fromBackupsAlone());
  expect(await filesAt(new Date(), other)).toEqual([]);
  // What was removed is kept by the backups and by nobody else.
  expect((await readdir(join(store.root, one))).sort()).toEqual([nameOf("a"), nameOf("b")]);
});

test("a running program brings new files and news of removed ones within seconds, once each", async () => {
  const shipping = startFileShipping(backups, openLog({ level: "silent" }));
  await put("a");
  const kept = async () => (await keptFiles(backups.location)).map(({ goneAt }) => goneAt !== undefined);
  await vi.waitUntil(async () => (await kept()).length === 1, { timeout: 10_000, interval: 50 });
  await remove("a");
  await vi.waitUntil(async () => (await kept())[0], { timeout: 10_000, interval: 50 });
  await shipping.stop();
  expect(await backups.location.list("files")).toHaveLength(2);
}, 20_000);

test("while the location is away files wait, and it is made up for", async () => {
  await rename(join(root, "first"), join(root, "unmounted"));
  const shipping = startFileShipping(backups, openLog({ level: "silent" }));
  const moment = await put("a");
  await remove("a");
  const failure = async () => (await backups.status(new Date())).files.failure;
  await vi.waitUntil(async () => (await failure())?.includes("not at"), { timeout: 10_000, interval: 50 });
  await rename(join(root, "unmounted"), join(root, "first"));
  await vi.waitUntil(async () => (await failure()) === undefined, { timeout: 10_000, interval: 50 });
  await shipping.stop();
  expect(await filesAt(moment, one, fromBackupsAlone())).toEqual(["a"]);
}, 30_000);

test("a disk of files that is not mounted is a problem, and not taken for one on which all was removed", async () => {
  await put("a");
  await shipFilesNow(backups);
  await rename(store.root, `${store.root}.unmounted`);
  await mkdir(store.root);
  const shipping = startFileShipping(backups, openLog({ level: "silent" }));
  const told = async () =>
    (await backups.status(new Date())).problems.find(({ code }) => code === "files_failed")?.words;
  await vi.waitUntil(told, { timeout: 10_000, interval: 50 });
  expect(await told()).toMatch(/are not at .*attachments any more. Mount the disk/);
  await shipping.stop();
  expect(await filesAt(new Date())).toEqual(["a"]);
});

test("what was removed stays as long as a moment that can be restored needs it, also when a stranger removed it or its database", async () => {
  await put("a");
  await put("b");
  await put("c", other);
  await shipFilesNow(backups);
  const before = new Date();
  await unlink(join(store.root, one, nameOf("a")));
  await rm(join(store.root, other), { recursive: true });
  await shipFilesNow(backups);
  const after = new Date();
  for (const [moment, texts] of [
    [before, ["a", "b"]],
    [after, ["b"]],
  ] as const)
    expect(await filesAt(moment)).toEqual(texts);
  expect([await filesAt(before, other), await filesAt(after, other)]).toEqual([["c"], []]);
  const kept = await keptFiles(backups.location);
  expect(expendableFiles(kept, before)).toEqual([]);
  for (const path of expendableFiles(kept, after)) await backups.location.remove(path);
  expect((await backups.location.list("files")).map(({ name }) => name)).toEqual([
    expect.stringContaining(nameOf("b")),
  ]);
});

test("files are copied to the second location and read there when the first has lost or damaged them", async () => {
  const moment = await put("a");
  await shipFilesNow(backups);
  await copyNew({ ...backups, copy: backups.copy! }, "files");
  const [lost] = (await keptFiles(backups.location)).filter(({ name }) => name === nameOf("a"));
  await backups.location.remove(lost!.path);
  expect(await filesAt(moment, one, fromBackupsAlone())).toEqual(["a"]);
  const { problems } = await backups.status(new Date());
  expect(problems.find(({ code }) => code === "location_lacks")?.words).toContain(lost!.path);
});

test("a file that does not open is told by name", async () => {
  await put("a");
  await shipFilesNow(backups);
  const [{ name = "" } = {}] = await backups.location.list("files");
  await backups.location.put(name, content("not sealed"));
  await expect(readFiles(backups.files, one, new Date())).rejects.toThrow(`${name} is damaged`);
});

test.each(["../elsewhere-and-much-further", "short", "with.a.dot.in.it.and.long"])(
  "%s is no name for a file of a store",
  async (name) => {
    await expect(keepFile(store, one, { name }, content("a"))).rejects.toThrow("is no name");
  },
);
