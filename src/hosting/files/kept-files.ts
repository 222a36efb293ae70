import type { Keyring } from "../backup/keyring.ts";
import { once, type BackupLocation } from "../backup/location.ts";
import { storeFile } from "../backup/store-file.ts";
import type { FileLife } from "./file-store.ts";

/** A file among the backups: its content, and beside it a note of when it was removed. */
export type KeptFile = FileLife & { store: string; database: string; path: string };

const shape = /^files\/([^/]+)\/([^/]+)\/([^/.]+)\.(\d+)(?:\.gone-(\d+))?$/;

const folderOf = (store: string, database: string): string => `files/${store}/${database}`;

export const pathOf = (store: string, database: string, { name, bornAt }: FileLife): string =>
  `${folderOf(store, database)}/${name}.${bornAt}`;

const notePathOf = (path: string, goneAt: number): string => `${path}.gone-${goneAt}`;

/** Of all stores, of one, or of one database in it. */
export async function keptFiles(
  location: Pick<BackupLocation, "list">,
  ...of: [store?: string, database?: string]
): Promise<KeptFile[]> {
  const listed = await location.list(["files", ...of].join("/"));
  const files = new Map<string, KeptFile>();
  const gone = new Map<string, number>();
  for (const each of listed) {
    const [, store = "", database = "", name = "", bornAt, goneAt] = shape.exec(each.name) ?? [];
    if (bornAt === undefined) continue;
    const life = { name, bornAt: Number(bornAt), goneAt: undefined };
    const path = pathOf(store, database, life);
    if (goneAt === undefined) files.set(path, { ...life, store, database, path });
    // Two programs may have noticed it: the first one knows best.
    else gone.set(path, Math.min(Number(goneAt), gone.get(path) ?? Infinity));
  }
  return [...files.values()].map((file) => ({ ...file, goneAt: gone.get(file.path) }));
}

export async function noteGone(
  location: BackupLocation,
  { current }: Keyring,
  path: string,
  goneAt: number,
): Promise<void> {
  await storeFile(location, current, notePathOf(path, goneAt), once(Buffer.alloc(0)));
}

export const wasThere = ({ bornAt, goneAt }: FileLife, target: Date): boolean =>
  bornAt <= target.getTime() && target.getTime() < (goneAt ?? Infinity);

/** Names among the backups of files that no moment from `earliest` on needs. */
export function expendableFiles(files: readonly KeptFile[], earliest: Date): string[] {
  return files.flatMap(({ path, goneAt }) =>
    // Without its content the note says nothing, so half of it removed is no harm.
    goneAt !== undefined && goneAt <= earliest.getTime() ? [path, notePathOf(path, goneAt)] : [],
  );
}
