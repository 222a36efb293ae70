import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RestoredPlace } from "#platform/postgres/index.ts";
import type { BuiltInBackups } from "../backup/built-in.ts";
import type { Catalog } from "../backup/catalog.ts";
import { once } from "../backup/location.ts";
import { openBuiltIn } from "../backup/open-backups.ts";
import { storeFile } from "../backup/store-file.ts";
import { segmentName } from "../backup/wal-names.ts";
import { feedWal, type WalFeed } from "./feed-wal.ts";

const run = promisify(execFile);
const names = Array.from({ length: 12 }, (_, number) => segmentName({ timeline: 1, number }));

let root: string;
let backups: BuiltInBackups;
let feed: WalFeed;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "strongroom-feed-"));
  const environment = { STRONGROOM_BACKUP: join(root, "backups"), STRONGROOM_BACKUP_SAME_DISK: "accept" };
  backups = (await openBuiltIn(join(root, "data"), environment, new Date()))!;
  const { location, keyring } = backups;
  const segments = names.map((name) => ({ name, path: `wal/${name}`, closedAt: new Date(), bytes: 24 }));
  for (const { name, path } of segments)
    await storeFile(location, keyring.current, path, once(Buffer.from(name)));
  const catalog = { segments, timelines: [{ timeline: 1, beginsAt: 0 }] } as unknown as Catalog;
  const place = { directory: root, uid: undefined } as RestoredPlace;
  feed = await feedWal({ location, keyring }, catalog, place);
});
afterEach(async () => {
  await feed.stop();
  await rm(root, { recursive: true, force: true });
});

/** What the server's shell does for one file of the log; answers with what the server then has. */
async function fetched(name: string): Promise<string> {
  const path = join(root, `fetched-${name}`);
  const command = feed.restoreCommand.replaceAll("%f", name).replaceAll("%p", path).replaceAll("%%", "%");
  await run("sh", ["-c", command]);
  return (await readFile(path)).subarray(0, name.length).toString();
}

test("a server that goes back to an older file of the log is given it, whatever else it wants meanwhile", async () => {
  const [older = "", ...newer] = names;
  for (let round = 0; round < 8; round++) {
    const asked = [...newer.slice(round, round + 3), older];
    expect(await Promise.all(asked.map(fetched))).toEqual(asked);
  }
}, 30_000);

test("a file that is in no archive is told so, and a disk that takes no more ends the recovery", async () => {
  await expect(fetched(segmentName({ timeline: 1, number: 99 }))).rejects.toMatchObject({ code: 1 });
  const command = feed.restoreCommand.replaceAll("%f", names[0]!).replaceAll("%p", "/dev/full");
  await expect(run("sh", ["-c", command])).rejects.toMatchObject({ code: 255 });
}, 30_000);
