import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, statfs, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openHostKey } from "#platform/secrets/index.ts";
import { areApart, diskOf, memory } from "./disk-of.ts";
import { fileCalls } from "./file-calls.ts";
import { folderPlace } from "./folder-location.ts";
import { once } from "./location.ts";
import { openBuiltIn } from "./open-backups.ts";
import { isFullSoon } from "./problems.ts";
import { roomOf } from "./room.ts";
import { keepNotes, readNotes } from "./run-notes.ts";

let root: string;
const mounted: string[] = [];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "strongroom-full-"));
});
afterAll(async () => {
  for (const folder of mounted.toReversed()) spawnSync("umount", [folder]);
  await rm(root, { recursive: true, force: true });
});

async function mount(name: string, ...how: string[]): Promise<string | undefined> {
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  if (spawnSync("mount", [...how, folder]).status !== 0) return undefined;
  mounted.push(folder);
  return folder;
}

const notMounted = "Nothing could be mounted here (mount, as root).";

test("a file of which a full disk takes only a part does not count as stored, and none of it stays", async ({
  skip,
}) => {
  const disk = await mount("small", "-t", "tmpfs", "-o", "size=1m", "tmpfs");
  if (disk === undefined) return skip(notMounted);
  const place = folderPlace(join(disk, "backups"));
  const location = place.open(await place.initialise());
  const { bavail, bsize } = await statfs(disk);
  // The last write is taken in part: the system calls that success.
  const content = once(Buffer.alloc(bavail * bsize + 1_000, 7));
  await expect(location.put("wal/one", content)).rejects.toMatchObject({ code: "location_full" });
  expect(await location.list("wal")).toEqual([]);
  expect(await readdir(join(disk, "backups/wal"))).toEqual([]);
});

test("on a full data disk the host's key is still had, what is noted there leaves nothing half written, and the disk is told of", async ({
  skip,
}) => {
  const disk = await mount("full", "-t", "tmpfs", "-o", "size=1m", "tmpfs");
  if (disk === undefined) return skip(notMounted);
  const key = await openHostKey(disk);
  await keepNotes(disk, { base: { at: "then", ok: true, words: "Made." } });
  const { bavail, bsize } = await statfs(disk);
  await writeFile(join(disk, "ballast"), Buffer.alloc(bavail * bsize));
  expect((await openHostKey(disk)).equals(key)).toBe(true);
  const now = { at: "now", ok: true, words: "Made." };
  await expect(keepNotes(disk, { base: now })).rejects.toMatchObject({ code: "ENOSPC" });
  expect(await readNotes(disk)).toMatchObject({ base: { at: "then" } });
  const { data } = await roomOf({ directory: disk, location: { room: async () => undefined } }, new Date());
  expect(isFullSoon(data)).toBe(true);
  expect(await readdir(join(disk, "backup"))).toEqual(["runs.json"]);
  expect((await readdir(disk)).sort()).toEqual(["backup", "ballast", "host.key"]);
});

test("a data disk that gets full of the log is told of while the backups are away", async ({ skip }) => {
  const disk = await mount("waiting", "-t", "tmpfs", "-o", "size=2m", "tmpfs");
  if (disk === undefined) return skip(notMounted);
  const away = join(root, "away");
  const environment = { STRONGROOM_BACKUP: away, STRONGROOM_BACKUP_SAME_DISK: "accept" };
  const backups = (await openBuiltIn(disk, environment, new Date()))!;
  await rm(away, { recursive: true });
  const { bavail, bsize } = await statfs(disk);
  await writeFile(join(disk, "ballast"), Buffer.alloc(bavail * bsize));
  const { problems } = await backups.status(new Date());
  expect(problems.map(({ code }) => code)).toEqual(["location_away", "data_full_soon"]);
});

test("a folder that cannot be read is told, and not taken for one without backups", async () => {
  const folder = join(root, "unreadable");
  const place = folderPlace(folder);
  const location = place.open(await place.initialise());
  await location.put("base/one/manifest", once(Buffer.from("whole")));
  // Root reads whatever the mode says: a file stands where the folder was.
  await rm(join(folder, "base"), { recursive: true });
  await writeFile(join(folder, "base"), "");
  if (process.getuid?.() !== 0) {
    await rm(join(folder, "base"));
    await mkdir(join(folder, "base"));
    chmodSync(join(folder, "base"), 0);
  }
  await expect(location.list("base")).rejects.toMatchObject({ name: "BackupError" });
});

test("memory, and a file on the data's disk mounted as one, are not separate from the data", async ({
  skip,
}) => {
  const inMemory = await mount("memory", "-t", "tmpfs", "tmpfs");
  if (inMemory === undefined) return skip(notMounted);
  expect(await diskOf(inMemory)).toBe(memory);
  expect(areApart(await diskOf(root), await diskOf(inMemory))).toBe(false);
  const image = join(root, "image");
  await writeFile(image, "");
  await truncate(image, 16_000_000);
  if (spawnSync("mkfs.ext4", ["-q", image]).status !== 0) return skip("There is no mkfs.ext4.");
  const loop = await mount("loop", "-o", "loop", image);
  if (loop === undefined) return skip("No file can be mounted as a disk here.");
  expect(await diskOf(loop)).toBe(await diskOf(root));
});

test("disks joined to one are apart from another only when they share none", () => {
  expect(areApart("disk sda", "disk sdb+sdc")).toBe(true);
  expect(areApart("disk sdb", "disk sdb+sdc")).toBe(false);
  expect(areApart("disk sda", memory)).toBe(false);
});

test("a disk that is frozen is told of by everybody who asks, and takes two threads at most until it answers", async ({
  skip,
}) => {
  const image = join(root, "frozen-image");
  await writeFile(image, "");
  await truncate(image, 16_000_000);
  if (spawnSync("mkfs.ext4", ["-q", image]).status !== 0) return skip("There is no mkfs.ext4.");
  const disk = await mount("frozen", "-o", "loop", image);
  if (disk === undefined) return skip(notMounted);
  const ask = fileCalls(disk);
  execFileSync("fsfreeze", ["--freeze", disk]);
  try {
    const asked = [1, 2, 3, 4].map((each) => ask(() => writeFile(join(disk, `${each}`), "x"), 200));
    for (const each of await Promise.allSettled(asked))
      expect(each).toMatchObject({ status: "rejected", reason: { code: "location_away" } });
    await expect(ask(() => readdir(disk))).rejects.toMatchObject({ code: "location_away" });
  } finally {
    execFileSync("fsfreeze", ["--unfreeze", disk]);
  }
  await expect
    .poll(() =>
      ask(() => readdir(disk)).then(
        () => "answers",
        () => "hangs",
      ),
    )
    .toBe("answers");
});
