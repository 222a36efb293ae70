import { noteFile } from "../note-file.ts";

/** What the program was started with, for commands beside it. */
export type KnownStanza = { stanza: string; config?: string; as?: string; since: string };

export const knownStanza = noteFile<KnownStanza>("pgbackrest.json");

/** The stanza the environment names, else the known one; undefined when there is neither. */
export function wantedStanza(
  environment: NodeJS.ProcessEnv,
  known: KnownStanza | undefined,
  now: Date,
): KnownStanza | undefined {
  const { STRONGROOM_PGBACKREST_STANZA: stanza, STRONGROOM_PGBACKREST_CONFIG: config } = environment;
  if (!stanza) return known;
  const as = environment.STRONGROOM_PGBACKREST_AS;
  const since = known?.stanza === stanza ? known.since : now.toISOString();
  return { stanza, ...(config ? { config } : {}), ...(as ? { as } : {}), since };
}

/** For words: on a machine that knows nothing yet, the place to fill in. */
export async function keptSettings(
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<Omit<KnownStanza, "since">> {
  const wanted = wantedStanza(environment, await knownStanza.read(directory), new Date());
  return wanted ?? { stanza: "<your stanza>" };
}
