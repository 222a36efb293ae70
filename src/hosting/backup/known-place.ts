import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BackupPlace } from "./location.ts";

/** Where backups of a data folder lie and how to reach them; no secrets. */
export type KnownPlace = { place: string; identity: string; settings: Readonly<Record<string, string>> };
export type Known = { first?: KnownPlace; copy?: KnownPlace };

const path = (directory: string): string => join(directory, "backup", "settings.json");

export async function readKnown(directory: string): Promise<Known> {
  const text = await readFile(path(directory), "utf8").catch(() => "{}");
  const {
    folder,
    identity = "",
    ...known
  } = JSON.parse(text) as Known & { folder?: string; identity?: string };
  return folder === undefined ? known : { first: { place: folder, identity, settings: {} } };
}

/** What a recovered server writes down, so that it goes on where the lost one ended. */
export const keepKnown = (
  directory: string,
  which: keyof Known,
  { name, settings }: BackupPlace,
  identity: string,
): Promise<void> => change(directory, { [which]: { place: name, identity, settings } });

/** The copy is not kept any longer. */
export async function forgetCopy(directory: string): Promise<void> {
  if ((await readKnown(directory)).copy !== undefined) await change(directory, { copy: undefined });
}

async function change(directory: string, changes: { [Which in keyof Known]: Known[Which] | undefined }) {
  await mkdir(join(directory, "backup"), { recursive: true, mode: 0o700 });
  const known = { ...(await readKnown(directory)), ...changes };
  await writeFile(`${path(directory)}.new`, JSON.stringify(known), { mode: 0o600 });
  await rename(`${path(directory)}.new`, path(directory));
}

export const isKnown = (known: KnownPlace | undefined, place: BackupPlace): known is KnownPlace =>
  known?.place === place.name && hostOf(known) === hostOf(place);

const hostOf = ({ settings }: Pick<KnownPlace, "settings">): string | undefined =>
  settings["STRONGROOM_S3_ENDPOINT"];
