import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { BackupError } from "./backup-error.ts";
import type { Keyring } from "./keyring.ts";
import { claimNotes, type Claim } from "./line-notes.ts";
import type { BackupLocation } from "./location.ts";
import { loadBytes, sealedBytes } from "./store-file.ts";

/** What stands in a claim, sealed: whose it is, and since when. */
type Owner = { token: string; since: string; host: string; copyOf?: string };

/** A location elsewhere is asked again after so long; a folder every time. */
const believedMilliseconds = 2_000;

/** Who writes there: the keys seal the claim, the data folder remembers it. */
export type Owned = {
  directory: string;
  keyring: Keyring;
  /** Of a copy, the location it is one of: it belongs to whoever has that one. */
  copyOf?: BackupLocation;
};

/**
 * A location as its one owner sees it: before anything is written or removed there, it is looked whether somebody else
 * has claimed it since. Then nothing more is. Throws BackupError `location_taken` in words that say who.
 */
export function owned(location: BackupLocation, owner: Owned): BackupLocation {
  let believedUntil = 0;
  const alone = inTurn(`${owner.directory} ${location.identity}`);
  const mustHold = async () => {
    if (performance.now() < believedUntil) return;
    await alone(() => mustOwn(location, owner));
    const isElsewhere = location.name.startsWith("s3://");
    believedUntil = performance.now() + (isElsewhere ? believedMilliseconds : 0);
  };
  const held =
    <Args extends unknown[], Answer>(work: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      await mustHold();
      return work(...args);
    };
  return {
    ...location,
    put: held(location.put),
    remove: held(location.remove),
    clean: held(location.clean),
    mustHold,
    claimAnew: () =>
      alone(async () => {
        await mustOwn(location, owner);
        const { held: claim } = (await claimNotes.read(owner.directory, location.identity)) ?? {};
        await claimNext(location, owner, claim?.epoch ?? 0);
        await mustOwn(location, owner);
      }),
  };
}

const lastTurns = new Map<string, Promise<unknown>>();

/** One who looks whose a location is, or claims it, after the other: two of this program would each shut the other out. */
function inTurn(whose: string) {
  return <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    const turn = (lastTurns.get(whose) ?? Promise.resolve()).then(work);
    lastTurns.set(
      whose,
      turn.catch(() => undefined),
    );
    return turn;
  };
}

/** Whoever had it before is told at his next write. */
export async function takeOver(location: BackupLocation, owner: Owned): Promise<void> {
  while (!(await claimNext(location, owner, await newestEpoch(location))));
}

const pathOf = (epoch: number): string => `owner/${String(epoch).padStart(8, "0")}`;

async function newestEpoch(location: BackupLocation): Promise<number> {
  const epochs = (await location.list("owner")).map(({ name }) => Number(name.split("/").at(-1)));
  return Math.max(0, ...epochs.filter((epoch) => Number.isInteger(epoch)));
}

async function mustOwn(location: BackupLocation, owner: Owned): Promise<void> {
  await owner.copyOf?.mustHold?.();
  const { held, asked } = (await claimNotes.read(owner.directory, location.identity)) ?? {};
  const newest = await newestEpoch(location);
  if (held !== undefined && newest === held.epoch) return;
  // An empty one is anybody's; one that was put back to an older state is still ours.
  if (newest <= (held?.epoch ?? 0)) {
    if (await claimNext(location, owner, Math.max(newest, (held?.epoch ?? 1) - 1))) return;
    return mustOwn(location, owner);
  }
  const found = await ownerAt(location, owner.keyring, newest);
  // It was claimed, and the program ended before it knew.
  if (asked?.epoch === newest && found?.token === asked.token)
    return claimNotes.keep(owner.directory, location.identity, { held: asked });
  // A recovered server has the first location; its copy comes with it.
  const first = owner.copyOf?.identity;
  if (first !== undefined && found?.copyOf === first && (await claimNext(location, owner, newest))) return;
  const since = found === undefined ? "" : ` since ${found.since}: ${found.host} took them over`;
  throw new BackupError(
    "location_taken",
    `The backups at ${location.name} belong to another server${since}, by a recovery from them or as a copy of this one. This server writes nothing there any more and keeps its log; it is backed up nowhere. Stop whichever of the two is not to go on; where both are, name an empty folder in STRONGROOM_BACKUP.`,
  );
}

async function ownerAt(
  location: BackupLocation,
  keyring: Keyring,
  epoch: number,
): Promise<Owner | undefined> {
  try {
    return JSON.parse((await loadBytes(location, keyring, pathOf(epoch))).toString()) as Owner;
  } catch (error) {
    // Sealed by a key that the other one made.
    if (error instanceof BackupError && error.code !== "location_away") return undefined;
    throw error;
  }
}

async function claimNext(location: BackupLocation, owner: Owned, epoch: number): Promise<boolean> {
  const { directory, keyring, copyOf } = owner;
  const before = await claimNotes.read(directory, location.identity);
  const asked: Claim = { epoch: epoch + 1, token: randomUUID() };
  await claimNotes.keep(directory, location.identity, { ...before, asked });
  const text: Owner = {
    token: asked.token,
    since: new Date().toISOString(),
    host: hostname(),
    ...(copyOf === undefined ? {} : { copyOf: copyOf.identity }),
  };
  const path = pathOf(asked.epoch);
  const content = await sealedBytes(keyring.current, path, Buffer.from(JSON.stringify(text)));
  if (await location.claim(path, content)) {
    await claimNotes.keep(directory, location.identity, { held: asked });
    return true;
  }
  // An answer that was lost is asked for again, and then it is there already: as ours.
  const there = await ownerAt(location, keyring, asked.epoch);
  const isOurs = there?.token === asked.token;
  await claimNotes.keep(directory, location.identity, isOurs ? { held: asked } : (before ?? {}));
  return isOurs;
}
