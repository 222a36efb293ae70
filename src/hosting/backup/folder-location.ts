import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { BackupError } from "./backup-error.ts";
import { diskOf, memory, memoryAccepted, memorySetting } from "./disk-of.ts";
import { fileCallsOf } from "./file-calls.ts";
import {
  explained,
  identityOf,
  listBelow,
  readWhole,
  removeAbandoned,
  writeWhole,
  type Folder,
} from "./folder-files.ts";
import { markerName, markerOf, once } from "./location.ts";
import type { BackupLocation, BackupPlace } from "./location.ts";

/** A folder, which should be on another disk or another host. */
export function folderPlace(folder: string, environment: NodeJS.ProcessEnv = {}): BackupPlace {
  const place: Folder = { folder, ask: fileCallsOf(folder) };
  const accepted = environment[memorySetting] === "accept";
  const ground = async () => {
    const found = await place.ask(() => diskOf(folder));
    return found === memory && accepted ? memoryAccepted : found;
  };
  return {
    name: folder,
    description: folder,
    settings: accepted ? { [memorySetting]: "accept" } : {},
    initialise: () => initialise(place),
    identity: () => identityOf(place),
    open: (identity) => openFolder(place, identity, ground),
    async ground() {
      await place.ask(() => mkdir(folder, { recursive: true, mode: 0o700 }));
      return ground();
    },
  };
}

async function initialise(place: Folder): Promise<string> {
  const { folder, ask } = place;
  await ask(() => mkdir(folder, { recursive: true, mode: 0o700 }));
  const known = await identityOf(place);
  if (known !== undefined) return known;
  if ((await ask(() => readdir(folder))).some((name) => name !== "lost+found"))
    throw new BackupError(
      "location_taken",
      `${folder} holds files that are not Strongroom's backups. Name an empty folder.`,
    );
  const identity = randomUUID();
  await writeWhole(place, markerName, once(markerOf(identity)));
  return identity;
}

function openFolder(place: Folder, identity: string, ground: () => Promise<string>): BackupLocation {
  const { folder, ask } = place;
  // An unmounted disk leaves an empty folder on another one: nothing may be written there.
  const present = async () => {
    if ((await identityOf(place)) === identity) return;
    throw new BackupError(
      "location_away",
      `The backups are not at ${folder} any more. Mount the disk, or name another empty folder.`,
    );
  };
  const inWords = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    await present();
    try {
      return await work();
    } catch (error) {
      throw explained(error, folder);
    }
  };
  return {
    identity,
    name: folder,
    description: folder,
    put: (name, content) => inWords(async () => (await writeWhole(place, name, content))!),
    claim: (name, content) =>
      inWords(async () => (await writeWhole(place, name, once(content), true)) !== undefined),
    read: (name) => readWhole(place, name),
    list: (below) => inWords(() => listBelow(place, below)),
    remove: (name) => inWords(() => ask(() => rm(join(folder, name), { recursive: true, force: true }))),
    clean: () => inWords(() => removeAbandoned(place)),
    room: () =>
      inWords(async () => {
        const { bavail, blocks, bsize } = await ask(() => statfs(folder));
        return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
      }),
    ground: async () => ((await identityOf(place)) === undefined ? undefined : ground()),
  };
}
