import type { BackupPlace } from "./location.ts";
import { noteFile } from "./note-file.ts";

/** Where backups of a data folder lie and how to reach them; no secrets. */
export type KnownPlace = { place: string; identity: string; settings: Readonly<Record<string, string>> };
export type Known = { first?: KnownPlace; copy?: KnownPlace };

const noted = noteFile<Known & { folder?: string; identity?: string }>("settings.json");

export async function readKnown(directory: string): Promise<Known> {
  const { folder, identity = "", ...known } = (await noted.read(directory)) ?? {};
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
  await noted.keep(directory, { ...(await readKnown(directory)), ...changes } as Known);
}

export const isKnown = (known: KnownPlace | undefined, place: BackupPlace): known is KnownPlace =>
  known?.place === place.name && hostOf(known) === hostOf(place);

const hostOf = ({ settings }: Pick<KnownPlace, "settings">): string | undefined =>
  settings["STRONGROOM_S3_ENDPOINT"];
