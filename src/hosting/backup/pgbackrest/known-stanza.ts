import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What the program was started with, for commands beside it. */
export type KnownStanza = { stanza: string; config?: string; as?: string; since: string };

const path = (directory: string): string => join(directory, "backup", "pgbackrest.json");

export async function readKnownStanza(directory: string): Promise<KnownStanza | undefined> {
  const text = await readFile(path(directory), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as KnownStanza);
}

export async function keepKnownStanza(directory: string, known: KnownStanza): Promise<void> {
  await mkdir(join(directory, "backup"), { recursive: true, mode: 0o700 });
  const draft = `${path(directory)}.${process.pid}`;
  await writeFile(draft, JSON.stringify(known), { mode: 0o600 });
  await rename(draft, path(directory));
}

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
  const wanted = wantedStanza(environment, await readKnownStanza(directory), new Date());
  return wanted ?? { stanza: "<your stanza>" };
}
