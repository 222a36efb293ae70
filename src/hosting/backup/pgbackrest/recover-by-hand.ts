import { keptSettings } from "./known-stanza.ts";
import { usualUser } from "./system-user.ts";

/** How a whole server of the host's own is recovered: by pgBackRest, in words and commands for the host. */
export async function recoverByHand(
  directory: string,
  environment: NodeJS.ProcessEnv,
  target: Date | undefined,
): Promise<string> {
  const { stanza, config, as = usualUser } = await keptSettings(directory, environment);
  const until =
    target === undefined ? "" : ` --type=time --target="${pgBackRestTime(target)}" --target-action=promote`;
  const command = `pgbackrest --stanza=${stanza}${config === undefined ? "" : ` --config=${config}`}${until} restore`;
  return [
    "A server of your own is recovered by pgBackRest, not by this command:",
    `  1. Stop Strongroom and PostgreSQL, and move what is left of PostgreSQL's data folder away; an empty one belongs to ${as}.`,
    `  2. As ${as}: ${command}`,
    "     Where the first repository is lost too, put --repo=2 after pgbackrest.",
    "  3. Start PostgreSQL, and wait until it has replayed its log: SELECT pg_is_in_recovery() says f.",
    `  4. Put the copy of host.key that you kept into ${directory}: without it the tenants' secrets stay shut.`,
    "  5. Start Strongroom with the settings it had, then: strongroom backup now.",
  ].join("\n");
}

/** As pgBackRest reads a moment. */
export const pgBackRestTime = (at: Date): string => at.toISOString().replace("T", " ").replace("Z", "+00");
