import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { BuiltInBackups } from "#hosting/backup/built-in.ts";
import { openBuiltIn } from "#hosting/backup/open-backups.ts";
import { keepNotes } from "#hosting/index.ts";
import { openLog } from "#platform/log/index.ts";
import { joinServer, type ServerConnection } from "#platform/postgres/index.ts";
import { RunningHost } from "#testing/running-host.ts";
import { benchFolder } from "../size.ts";

/** The whole program with backups, as a host runs it. */
export type BackedUp = {
  directory: string;
  host: RunningHost;
  server: ServerConnection;
  backups: BuiltInBackups;
  /** The host's own command. Answers what it prints. */
  command(words: readonly string[]): Promise<string>;
};

/** Runs it on a folder with an empty backup location, with nothing due that would come between. */
export async function withBackedUp<Result>(
  directory: string,
  work: (backedUp: BackedUp) => Promise<Result>,
): Promise<Result> {
  const location = await mkdtemp(join(benchFolder(), "backup-"));
  const environment = {
    STRONGROOM_BACKUP: location,
    STRONGROOM_BACKUP_SAME_DISK: "accept",
    STRONGROOM_DEMO: "off",
  };
  await nothingDue(directory);
  const host = await RunningHost.start(environment, directory);
  try {
    const server = await joinServer({ directory, log: openLog({ level: "warn" }) });
    const backups = (await openBuiltIn(directory, environment, new Date()))!;
    const command: BackedUp["command"] = (words) =>
      runCommand(words, { ...environment, STRONGROOM_DATA: directory });
    return await work({ directory, host, server: server.connection, backups, command });
  } finally {
    await host.end();
    await rm(location, { recursive: true, force: true });
  }
}

/** As if the schedule had just done its chores, or failed in them and waited. */
export async function nothingDue(directory: string): Promise<void> {
  const note = (ok: boolean) => ({ at: new Date().toISOString(), ok, words: "Not due while measured." });
  await keepNotes(directory, { base: note(false), check: note(true), purge: note(true), drill: note(false) });
}

const commandLine = resolve(import.meta.dirname, "../../src/apps/cli/strongroom.ts");

async function runCommand(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, [commandLine, ...words], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`strongroom ${words.join(" ")} failed: ${output}`);
  return output;
}
