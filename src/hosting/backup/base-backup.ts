import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ServerConnection } from "#platform/postgres/index.ts";
import { duringBackup, listDatabases } from "./base-backup.store.ts";
import { dataFiles } from "./data-files.ts";
import { stamp } from "./keyring.ts";
import { baseNotes, type BasesMade } from "./line-notes.ts";
import { listLabels, partPath, secretsPath, sizesPath, writeJson, writeManifest } from "./manifest.ts";
import type { FileSizes, HostSecrets, Manifest, Part } from "./manifest.ts";
import type { BuiltIn } from "./built-in.ts";
import { backupPace, keepingPace } from "./pace.ts";
import { storeFile } from "./store-file.ts";
import { fileEntry, tar, type TarSource } from "./tar.ts";
import { waitForSegment } from "./wait-for-segment.ts";

/**
 * Copies the whole running server by PostgreSQL's low-level backup: one archive per database, so that one tenant
 * can be restored alone, and one of everything else. Returns when the log it needs is in the location too, so that
 * it can be restored from there alone. What an earlier one left half done is removed. Throws BackupError.
 */
export async function makeBaseBackup(
  backups: BuiltIn,
  connection: ServerConnection,
  now: Date,
  signal?: AbortSignal,
): Promise<Manifest> {
  const { location, keyring, directory } = backups;
  const label = stamp(now);
  const root = join(directory, "postgres");
  let begun = false;
  try {
    const copy = async () => {
      begun = true;
      await clearCutOff(backups);
      await baseNotes.keep(directory, location.identity, { ...(await basesMade(backups)), begun: label });
      await location.clean();
      const databases = await listDatabases(connection);
      return { databases, parts: await copyAll(backups, root, label, signal) };
    };
    return await duringBackup(connection, label, copy, async ({ copied, startedAt, stopped, server }) => {
      await waitForSegment(location, stopped.stopSegment, signal);
      const manifest: Manifest = {
        format: 1,
        label,
        startedAt,
        ...stopped,
        ...startOf(stopped.backupLabel),
        ...server,
        ...copied,
      };
      await writeManifest(location, keyring, manifest);
      const { made } = await basesMade(backups);
      await baseNotes.keep(directory, location.identity, { made: [...made, label] });
      return manifest;
    });
  } catch (error) {
    // One that was refused because another runs has nothing to remove, and may have the other's label.
    if (begun) await location.remove(`base/${label}`).catch(() => undefined);
    throw error;
  }
}

export const basesMade = async ({ directory, location }: BuiltIn): Promise<BasesMade> =>
  (await baseNotes.read(directory, location.identity)) ?? { made: [] };

/** What was begun and not ended. One that was whole and has lost its manifest may get it back: it stays, and is told. */
async function clearCutOff(backups: BuiltIn): Promise<void> {
  const { location } = backups;
  const { made, begun } = await basesMade(backups);
  const names = new Set((await location.list("base")).map(({ name }) => name));
  for (const label of (await listLabels(location)).cutOff) {
    // The secrets come last but for the manifest: without them nobody had ended it.
    const isUnfinished = !made.includes(label) && !names.has(secretsPath(label));
    if (label === begun || isUnfinished) await location.remove(`base/${label}`);
  }
}

/** The first segment of the log it needs, as PostgreSQL wrote it into its label. */
function startOf(backupLabel: string): Pick<Manifest, "timeline" | "startSegment"> {
  const startSegment = /^START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)/m.exec(backupLabel)?.[1];
  if (startSegment === undefined) throw new Error(`This backup label names no segment: ${backupLabel}`);
  return { startSegment, timeline: Number.parseInt(startSegment.slice(0, 8), 16) };
}

async function copyAll(backups: BuiltIn, root: string, label: string, signal?: AbortSignal): Promise<Part[]> {
  const { location, keyring, directory } = backups;
  const sizes: FileSizes = {};
  const parts: Part[] = [];
  const atPace = keepingPace(backupPace);
  const isDatabase = (path: string) => /^base\/\d+$/.test(path);
  const store = async (name: string, entries: AsyncIterable<TarSource>) => {
    const counted = { bytes: 0 };
    const { bytes, sha256 } = await storeFile(
      location,
      keyring.current,
      partPath(label, name),
      atPace(counting(tar(entries), counted)),
    );
    parts.push({ name, plainBytes: counted.bytes, storedBytes: bytes, sha256 });
  };
  for await (const { path } of dataFiles(root, "base")) {
    if (!isDatabase(path)) continue;
    const oid = path.slice("base/".length);
    await store(
      oid,
      entriesOf(root, path, () => false, (sizes[oid] = []), signal),
    );
  }
  await store("server", withControl(root, entriesOf(root, "", isDatabase, [], signal)));
  await writeJson(location, keyring, sizesPath(label), sizes);
  const secrets: HostSecrets = {
    hostKey: (await readFile(join(directory, "host.key"))).toString("base64"),
    postgresPassword: await readFile(join(directory, "postgres.password"), "utf8"),
  };
  await writeJson(location, keyring, secretsPath(label), secrets);
  return parts;
}

async function* entriesOf(
  root: string,
  below: string,
  skip: (path: string) => boolean,
  sizes: [string, number][],
  signal?: AbortSignal,
): AsyncGenerator<TarSource> {
  if (below !== "") yield folderEntry(below);
  for await (const { path, folder } of dataFiles(root, below, skip)) {
    signal?.throwIfAborted();
    const entry = folder ? folderEntry(path) : await fileEntry(join(root, path), path);
    if (entry === undefined) continue;
    if (!folder) sizes.push([path, entry.bytes]);
    yield entry;
  }
}

// The control file is read last: it must not be older than anything else in the copy.
async function* withControl(root: string, entries: AsyncIterable<TarSource>): AsyncGenerator<TarSource> {
  yield* entries;
  const path = "global/pg_control";
  const content = await settled(() => readFile(join(root, path)));
  yield { path, folder: false, mode: 0o600, bytes: content.length, content: () => chunks(content) };
}

// It is rewritten in place: two equal readings in a row were not taken in the middle of that.
async function settled(read: () => Promise<Buffer>): Promise<Buffer> {
  for (let before = await read(); ;) {
    const again = await read();
    if (again.equals(before)) return again;
    before = again;
  }
}

async function* chunks(content: Buffer): AsyncGenerator<Uint8Array> {
  yield content;
}

function folderEntry(path: string): TarSource {
  return { path, folder: true, mode: 0o700, bytes: 0, content: () => chunks(Buffer.alloc(0)) };
}

async function* counting(
  source: AsyncIterable<Uint8Array>,
  counted: { bytes: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    counted.bytes += chunk.length;
    yield chunk;
  }
}
