import { randomInt } from "node:crypto";
import { userInfo } from "node:os";
import {
  BackupError,
  drillTenant,
  keepKey,
  keepNotes,
  makeKey,
  nextToDrill,
  openBuiltIn,
  readKeys,
  readSheet,
  recoverByHand,
  recoverServer,
  restoreBack,
  restoreTenant,
  stopArchiving,
  whereTheyLie,
  writeSheet,
  type Backups,
  type MadeBackup,
  type Recovery,
} from "#hosting/index.ts";
import { dataDirectory, standBack, withFolder } from "#platform/postgres/index.ts";
import { ended } from "./ending.ts";
import { hostStanding } from "./host-standing.ts";
import { recoveryUsage, type RecoveryCommand } from "./recovery-command-line.ts";
import { drillWords, restoreWords, serverWords } from "./recovery-words.ts";
import { backupWords, statusWords } from "./status-words.ts";
import { UsageError } from "./usage-error.ts";
import { backupsOf, commandLog, withHost, type Host } from "./with-host.ts";

/** What takes minutes of a processor beside the people who work; `recover` does not, as nobody can work then. */
const isHeavy = (verb: RecoveryCommand["verb"]): boolean => ["backup", "drill", "restore"].includes(verb);

type Of<Verb extends RecoveryCommand["verb"]> = Extract<RecoveryCommand, { verb: Verb }>;

/** Runs one command and returns what to print. Throws BackupError, TenancyError, SetupError. */
export async function runRecoveryCommand(command: RecoveryCommand): Promise<string> {
  const { json } = command;
  const print = <Value>(value: Value, words: (value: Value) => string) =>
    json ? JSON.stringify(value, undefined, 2) : words(value);
  if (isHeavy(command.verb)) standBack();
  switch (command.verb) {
    case "status":
      return print(await hostStanding(), statusWords);
    case "backup":
      return backup(command, print);
    case "backup-key":
      return bringBackKey(command);
    case "drill":
      return withHost(async (host) => print(await drill(recoveryOf(host), command), drillWords));
    case "restore":
      return withHost(async (host) =>
        print(await restoreTenant(recoveryOf(host), command, new Date()), restoreWords),
      );
    case "restore-back":
      return withHost(async (host) => {
        const tenant = await restoreBack(recoveryOf(host), command, new Date());
        return `${tenant.key} is back on the database from before its restore.`;
      });
    case "recover-own": {
      if (!process.env["DATABASE_URL"])
        throw new UsageError(`recover needs --from and --key.\n\nUsage:\n${recoveryUsage}`);
      const how = await recoverByHand(dataDirectory(), process.env, command.target);
      throw new BackupError("bad_request", how);
    }
    case "recover": {
      const { from, copy, sheet, target, asItWas, acceptLoss, rehearsal } = command;
      const wanted = {
        directory: dataDirectory(),
        from,
        ...(copy === undefined ? {} : { copy }),
        environment: process.env,
        sheet,
        asItWas,
        rehearsal,
        ...(target === undefined ? {} : { target }),
      };
      const report = await recoverServer(wanted, commandLog());
      // Whoever only looks at the end of it must not take this for all there was.
      if (report.losses.length > 0 && !acceptLoss) process.exitCode = exitCodeOfLoss;
      return print(report, serverWords);
    }
  }
}

/** The server was recovered, and something is known to be missing. */
const exitCodeOfLoss = 3;

type Print = <Value>(value: Value, words: (value: Value) => string) => string;

async function backup({ what }: Of<"backup">, print: Print): Promise<string> {
  const now = new Date();
  switch (what) {
    case "now":
      return withHost(async ({ backups, whyNot, server }) => {
        const opened = needed(backups, whyNot);
        return noted(opened, "base", now, () => opened.makeFull(server.connection, now, ended));
      });
    case "increment": {
      const opened = await theBackups();
      const make = opened.makeIncrement;
      if (make === undefined)
        throw new BackupError(
          "bad_request",
          "The embedded server's log is its increment and is brought to the backups within a minute. A base backup is made with: strongroom backup now.",
        );
      return noted(opened, "increment", now, () => make(now, ended));
    }
    case "list":
    case "status": {
      const status = await (await theBackups()).status(now);
      return what === "status"
        ? print(status, backupWords)
        : print(
            status.bases,
            (bases) =>
              bases.map(({ label, storedBytes }) => `${label}  ${storedBytes} bytes`).join("\n") ||
              "No base backups yet.",
          );
    }
    case "check":
      return (await theBackups()).check(() => randomInt(2 ** 30) / 2 ** 30, now);
    case "purge":
      return (await theBackups()).purge(now);
    case "stop":
      return stopBackups(now);
    case "new-key": {
      if (process.env["DATABASE_URL"])
        throw new BackupError(
          "bad_request",
          "The repositories of your own server are encrypted by pgBackRest: set repo1-cipher-type and repo1-cipher-pass there.",
        );
      const builtIn = needed(await openBuiltIn(dataDirectory(), process.env, now), undefined);
      await makeKey(builtIn.directory, now);
      const sheet = await writeSheet(
        builtIn.directory,
        await readKeys(builtIn.directory),
        whereTheyLie(builtIn),
      );
      return `A new key encrypts from the next start on; the older ones stay on the sheet. Print it (there is a PDF beside it) and lock it away: ${sheet}`;
    }
  }
}

async function stopBackups(now: Date): Promise<string> {
  const directory = dataDirectory();
  await withFolder(directory, () => stopArchiving(directory, now));
  return "From the next start on nothing is backed up any more; what is in the backups stays there. Take STRONGROOM_BACKUP out of the settings too: a start with it takes the backups up again.";
}

async function noted(
  { directory }: Backups,
  kind: "base" | "increment",
  now: Date,
  make: () => Promise<MadeBackup>,
): Promise<string> {
  const note = (ok: boolean, words: string) =>
    keepNotes(directory, { [kind]: { at: now.toISOString(), ok, words } });
  try {
    const { label, storedBytes, from } = await make();
    const words = `${kind === "base" ? "Base backup" : "Increment"} ${label}: ${storedBytes} bytes stored; restorable from ${from} on.`;
    await note(true, words);
    return words;
  } catch (error) {
    await note(false, (error as Error).message);
    throw error;
  }
}

async function drill(recovery: Recovery, { key }: Of<"drill">) {
  const wanted = key ?? (await nextToDrill(recovery))?.key;
  if (wanted === undefined)
    throw new BackupError("bad_request", "There is no tenant of which a moment can be restored yet.");
  const at = new Date().toISOString();
  const note = (ok: boolean, words: string) =>
    keepNotes(recovery.backups.directory, { drill: { at, ok, words } });
  try {
    const report = await drillTenant(
      recovery,
      { key: wanted },
      () => randomInt(2 ** 30) / 2 ** 30,
      new Date(),
    );
    await note(true, drillWords(report));
    return report;
  } catch (error) {
    await note(false, `${wanted}: ${(error as Error).message}`);
    throw error;
  }
}

async function bringBackKey({ sheet }: Of<"backup-key">): Promise<string> {
  const keys = await readSheet(sheet);
  for (const key of keys) await keepKey(dataDirectory(), key);
  return `${keys.length} backup keys are in the data folder. Start Strongroom anew to use them.`;
}

async function theBackups(): Promise<Backups> {
  const { backups, whyNot } = await backupsOf(dataDirectory());
  return needed(backups, whyNot);
}

function needed<Opened extends Backups>(
  backups: Opened | undefined,
  whyNot: BackupError | undefined,
): Opened {
  if (backups !== undefined) return backups;
  throw (
    whyNot ??
    new BackupError(
      "not_configured",
      process.env["DATABASE_URL"]
        ? "Nothing is backed up. Start Strongroom with STRONGROOM_PGBACKREST_STANZA set to your stanza of pgBackRest."
        : "Nothing is backed up. Start Strongroom with STRONGROOM_BACKUP set to a folder on another disk.",
    )
  );
}

export function recoveryOf({ backups, whyNot, tenancy, server, log }: Host): Recovery {
  const requestedBy = `command of ${userInfo().username}`;
  return {
    backups: needed(backups, whyNot),
    tenancy,
    connection: server.connection,
    log,
    requestedBy,
    signal: ended,
  };
}
