import { BackupError } from "./backup-error.ts";
import type { BackupLocation } from "./location.ts";
import { once } from "./location.ts";
import type { Keyring } from "./keyring.ts";
import { loadBytes, storeFile } from "./store-file.ts";

/** What one base backup holds. It is written last: a backup without it was cut off. */
export type Manifest = {
  format: 1;
  /** When it began; names its folder. */
  label: string;
  startedAt: string;
  /** From this moment on it can be restored. */
  stoppedAt: string;
  timeline: number;
  startSegment: string;
  stopSegment: string;
  systemIdentifier: string;
  serverVersion: number;
  backupLabel: string;
  tablespaceMap: string;
  databases: { oid: number; name: string }[];
  parts: Part[];
};

/** One archive: of a database (`name` is its oid), or of everything else (`server`). */
export type Part = { name: string; plainBytes: number; storedBytes: number; sha256: string };

/** The files of every database with their sizes, for those that a restore leaves empty. */
export type FileSizes = Record<string, [path: string, bytes: number][]>;

/** What the server needs beside its files to be entered again. */
export type HostSecrets = { hostKey: string; postgresPassword: string };

export const partPath = (label: string, part: string): string => `base/${label}/${part}.tar.zst`;
export const manifestPath = (label: string): string => `base/${label}/manifest`;
export const sizesPath = (label: string): string => `base/${label}/sizes`;
export const secretsPath = (label: string): string => `base/${label}/secrets`;

/** Everything a restore from it reads. */
export const pathsOf = ({ label, parts }: Pick<Manifest, "label" | "parts">): string[] => [
  manifestPath(label),
  ...parts.map(({ name }) => partPath(label, name)),
  sizesPath(label),
  secretsPath(label),
];

const format = 1;

export async function writeJson(
  location: BackupLocation,
  keyring: Keyring,
  name: string,
  value: unknown,
): Promise<void> {
  await storeFile(location, keyring.current, name, once(Buffer.from(JSON.stringify(value))));
}

export const writeManifest = (
  location: BackupLocation,
  keyring: Keyring,
  manifest: Manifest,
): Promise<void> => writeJson(location, keyring, manifestPath(manifest.label), manifest);

export async function readManifest(
  location: BackupLocation,
  keyring: Keyring,
  label: string,
): Promise<Manifest> {
  const manifest = await readJson<Manifest>(location, keyring, manifestPath(label));
  if (manifest.format !== format)
    throw new BackupError(
      "newer_version",
      `The backup ${label} was made by a newer Strongroom. Install that one.`,
    );
  return manifest;
}

export const readSizes = (location: BackupLocation, keyring: Keyring, label: string): Promise<FileSizes> =>
  readJson<FileSizes>(location, keyring, sizesPath(label));

export const readSecrets = (
  location: BackupLocation,
  keyring: Keyring,
  label: string,
): Promise<HostSecrets> => readJson<HostSecrets>(location, keyring, secretsPath(label));

async function readJson<Value>(location: BackupLocation, keyring: Keyring, name: string): Promise<Value> {
  return JSON.parse((await loadBytes(location, keyring, name)).toString()) as Value;
}

/** The labels of all base backups, oldest first, and those that were cut off. */
export async function listLabels(location: BackupLocation): Promise<{ whole: string[]; cutOff: string[] }> {
  const files = await location.list("base");
  const labels = [...new Set(files.map(({ name }) => name.split("/")[1] ?? ""))].sort();
  const names = new Set(files.map(({ name }) => name));
  const isWhole = (label: string) => names.has(manifestPath(label));
  return { whole: labels.filter(isWhole), cutOff: labels.filter((label) => !isWhole(label)) };
}
