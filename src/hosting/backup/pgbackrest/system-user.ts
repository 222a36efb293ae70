import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { promisify } from "node:util";
import { BackupError } from "../backup-error.ts";

export type SystemUser = { uid: number; gid: number; home: string };

export const usualUser = "postgres";

/** Whom to become for pgBackRest; undefined when this program is that user already. Throws BackupError. */
export async function userFor(name: string): Promise<SystemUser | undefined> {
  if (process.getuid?.() === 0) return systemUser(name);
  const own = userInfo().username;
  if (own === name) return undefined;
  throw new BackupError(
    "not_configured",
    `Strongroom runs as ${own} and cannot become ${name}, as whom pgBackRest runs. Start it as ${name} or as root, or name ${own} in STRONGROOM_PGBACKREST_AS.`,
  );
}

/** An account of this machine by its name. Throws BackupError. */
async function systemUser(name: string): Promise<SystemUser> {
  const found = await promisify(execFile)("getent", ["passwd", name]).catch((cause: unknown) => {
    throw new BackupError(
      "not_configured",
      `There is no user ${name} on this machine to run pgBackRest as. Name yours in STRONGROOM_PGBACKREST_AS.`,
      { cause },
    );
  });
  const [, , uid, gid, , home = "/"] = found.stdout.trim().split(":");
  return { uid: Number(uid), gid: Number(gid), home };
}
