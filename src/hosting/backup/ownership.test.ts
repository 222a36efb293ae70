import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimNotes } from "./line-notes.ts";
import { once, type BackupLocation } from "./location.ts";
import { openBuiltIn } from "./open-backups.ts";
import { takeOver } from "./ownership.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "strongroom-owner-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const backupsOf = async (name: string) =>
  (await openBuiltIn(
    join(root, name),
    { STRONGROOM_BACKUP: join(root, "backup"), STRONGROOM_BACKUP_SAME_DISK: "accept" },
    new Date(),
  ))!;
const write = (location: BackupLocation, name: string) => location.put(name, once(Buffer.from(name)));
const taken = expect.objectContaining({
  code: "location_taken",
  message: expect.stringContaining("writes nothing there any more and keeps its log"),
});

test("whoever was there before a take-over is refused at his next file, and everybody else's stay", async () => {
  const lost = await backupsOf("lost");
  await write(lost.location, "wal/one");
  const next = await backupsOf("next");
  await expect(write(next.location, "wal/two")).rejects.toThrow(taken);
  await takeOver(next.location, next);
  await write(next.location, "wal/two");
  for (const refused of [
    () => write(lost.location, "wal/three"),
    () => lost.location.remove("wal/two"),
    () => lost.location.clean(),
    () => lost.window(),
  ])
    await expect(refused()).rejects.toThrow(taken);
  expect((await lost.location.list("wal")).map(({ name }) => name).sort()).toEqual(["wal/one", "wal/two"]);
});

test("of a server and a copy of its data folder the one that was started last goes on", async () => {
  const first = await backupsOf("first");
  await first.location.claimAnew!();
  await cp(join(root, "first"), join(root, "copy"), { recursive: true });
  const copy = await backupsOf("copy");
  await copy.location.claimAnew!();
  await write(copy.location, "wal/one");
  await expect(write(first.location, "wal/one")).rejects.toThrow(taken);
  await expect(first.location.claimAnew!()).rejects.toThrow(taken);
  // Started again it is still the one.
  await (
    await backupsOf("copy")
  ).location.claimAnew!();
  await write((await backupsOf("copy")).location, "wal/two");
});

test("a location that was put back to an older state, or emptied but for its marker, is still its owner's", async () => {
  const { location } = await backupsOf("one");
  await write(location, "wal/one");
  await cp(join(root, "backup"), join(root, "older"), { recursive: true });
  await location.claimAnew!();
  await rm(join(root, "backup"), { recursive: true });
  await cp(join(root, "older"), join(root, "backup"), { recursive: true });
  await write(location, "wal/two");
  await rm(join(root, "backup/owner"), { recursive: true });
  await write(location, "wal/three");
  expect(await location.list("wal")).toHaveLength(3);
});

test("a copy belongs to whoever has the location it is a copy of", async () => {
  const environment = {
    STRONGROOM_BACKUP: join(root, "backup"),
    STRONGROOM_BACKUP_COPY: join(root, "copy"),
    STRONGROOM_BACKUP_SAME_DISK: "accept",
  };
  const lost = (await openBuiltIn(join(root, "lost"), environment, new Date()))!;
  await write(lost.location, "wal/one");
  await write(lost.copy!, "wal/one");
  const next = (await openBuiltIn(join(root, "next"), environment, new Date()))!;
  await expect(write(next.copy!, "wal/two")).rejects.toThrow(taken);
  // Recovered from the same keys, as the sheet has them.
  const { keyring } = lost;
  await takeOver(next.location, { ...next, keyring });
  await cp(join(root, "lost/backup/keys"), join(root, "next/backup/keys"), { recursive: true });
  const again = (await openBuiltIn(join(root, "next"), environment, new Date()))!;
  await write(again.copy!, "wal/two");
  await expect(write(lost.copy!, "wal/three")).rejects.toThrow(taken);
});

test("a server that begins to write to a second location while it claims the first anew keeps both", async () => {
  for (const round of Array.from({ length: 10 }, (_, number) => `server ${number}`)) {
    const folder = join(root, round);
    const environment = { STRONGROOM_BACKUP: join(folder, "backup"), STRONGROOM_BACKUP_SAME_DISK: "accept" };
    const open = (more: NodeJS.ProcessEnv) =>
      openBuiltIn(join(folder, "data"), { ...environment, ...more }, new Date());
    await (await open({}))!.location.claimAnew!();
    const { location, copy } = (await open({ STRONGROOM_BACKUP_COPY: join(folder, "copy") }))!;
    const copied = ["wal/one", "base/one", "files/one"].map((name) => write(copy!, name));
    await Promise.all([location.claimAnew!(), ...copied]);
    await write(location, "wal/two");
    await write(copy!, "wal/two");
    expect([await location.list("wal"), await copy!.list("wal")].map(({ length }) => length)).toEqual([1, 2]);
  }
});

test("of two copies of one data folder that begin at the same moment one goes on", async () => {
  const first = await backupsOf("first");
  await first.location.claimAnew!();
  await cp(join(root, "first"), join(root, "twin"), { recursive: true });
  const twin = await backupsOf("twin");
  const begun = await Promise.allSettled([first, twin].map(({ location }) => location.claimAnew!()));
  expect(begun.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("a program that ended between claiming and knowing it goes on, and none takes another's claim for its own", async () => {
  const { directory, location } = await backupsOf("one");
  await location.claimAnew!();
  const { held } = (await claimNotes.read(directory, location.identity))!;
  await location.claimAnew!();
  const { held: asked } = (await claimNotes.read(directory, location.identity))!;
  await claimNotes.keep(directory, location.identity, { held, asked });
  await write((await backupsOf("one")).location, "wal/one");
  await claimNotes.keep(directory, location.identity, { held, asked: { ...asked!, token: "another's" } });
  await expect(write((await backupsOf("one")).location, "wal/two")).rejects.toThrow(taken);
});

test("the copy of another server's backups is not taken over by naming it", async () => {
  const withCopy = async (name: string, place: string) =>
    (await openBuiltIn(
      join(root, name),
      {
        STRONGROOM_BACKUP: join(root, place),
        STRONGROOM_BACKUP_COPY: join(root, "copy"),
        STRONGROOM_BACKUP_SAME_DISK: "accept",
      },
      new Date(),
    ))!;
  const one = await withCopy("one", "backup");
  await write(one.location, "wal/one");
  await write(one.copy!, "wal/one");
  const stranger = await withCopy("stranger", "elsewhere");
  await write(stranger.location, "wal/one");
  await expect(write(stranger.copy!, "wal/two")).rejects.toThrow(taken);
  await write(one.copy!, "wal/two");
});
