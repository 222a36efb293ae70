import { BackupError } from "./backup-error.ts";
import type { Keyring } from "./keyring.ts";
import type { BackupLocation, Listed, TurnedTo } from "./location.ts";
import { unsealed } from "./sealed-stream.ts";

/** The first location as a restore sees it: what is away, missing or damaged there is read from the copy. */
export function withCopy(first: BackupLocation, copy: BackupLocation | undefined): BackupLocation {
  if (copy === undefined) return first;
  const turned: TurnedTo[] = [];
  return { ...first, list: (folder) => listBoth(first, copy, folder), otherwise: { location: copy, turned } };
}

async function listBoth(first: BackupLocation, copy: BackupLocation, folder: string): Promise<Listed[]> {
  const [here, there] = await Promise.allSettled([first.list(folder), copy.list(folder)]);
  if (here.status === "rejected" && there.status === "rejected") throw here.reason;
  const all = [there, here].flatMap((listed) => (listed.status === "fulfilled" ? listed.value : []));
  // A file that was cut in one of the two is whole in the other.
  all.sort((a, b) => a.bytes - b.bytes);
  return [...new Map(all.map((file) => [file.name, file])).values()];
}

/** What was sealed under that name. Both locations hold the same bytes, and what the first gave is proved by its seal. */
export async function* openedAnywhere(
  location: BackupLocation,
  keyring: Pick<Keyring, "find">,
  name: string,
): AsyncGenerator<Uint8Array> {
  const { otherwise } = location;
  let given = 0;
  try {
    for await (const piece of unsealed(keyring, name, location.read(name))) {
      yield piece;
      given += piece.length;
    }
  } catch (error) {
    if (otherwise === undefined || !(error instanceof BackupError)) throw error;
    yield* after(given, unsealed(keyring, name, otherwise.location.read(name)), error);
    otherwise.turned.push({ name, reason: error.message });
  }
}

async function* after(
  bytes: number,
  pieces: AsyncIterable<Uint8Array>,
  because: BackupError,
): AsyncGenerator<Uint8Array> {
  let skip = bytes;
  try {
    for await (const piece of pieces) {
      const from = Math.min(skip, piece.length);
      skip -= from;
      if (from < piece.length) yield piece.subarray(from);
    }
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    throw new BackupError(because.code, `${because.message} Nor does its copy help: ${error.message}`, {
      cause: because,
    });
  }
}
