import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BackupPlace } from "./location.ts";

/** Where the backups of a data folder lie and how to reach them; no secrets. */
export type KnownPlace = { place: string; identity: string; settings: Readonly<Record<string, string>> };

const path = (directory: string): string => join(directory, "backup", "settings.json");

export async function readKnown(directory: string): Promise<KnownPlace | undefined> {
  const text = await readFile(path(directory), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const { folder, ...known } = JSON.parse(text) as Partial<KnownPlace> & { folder?: string };
  return { place: folder ?? "", identity: "", settings: {}, ...known };
}

/** What a recovered server writes down, so that it goes on where the lost one ended. */
export async function keepKnown(directory: string, place: BackupPlace, identity: string): Promise<void> {
  await mkdir(join(directory, "backup"), { recursive: true, mode: 0o700 });
  const known: KnownPlace = { place: place.name, identity, settings: place.settings };
  await writeFile(`${path(directory)}.new`, JSON.stringify(known), { mode: 0o600 });
  await rename(`${path(directory)}.new`, path(directory));
}

export const isKnown = (known: KnownPlace | undefined, { name, settings }: BackupPlace): boolean =>
  known?.place === name && known.settings["STRONGROOM_S3_ENDPOINT"] === settings["STRONGROOM_S3_ENDPOINT"];
