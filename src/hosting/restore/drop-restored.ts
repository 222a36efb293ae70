import type { Backups } from "../backup/backups.ts";
import { dropFiles } from "../files/file-store.ts";
import type { Recovery } from "./scratch-tenant.ts";

/** Drops a database that is not in use, and its uploaded files with it. */
export async function dropRestored(
  { tenancy, backups }: Pick<Recovery, "tenancy"> & { backups?: Pick<Backups, "files"> | undefined },
  database: string,
): Promise<void> {
  await tenancy.databases.drop(database);
  await dropFiles(backups?.files?.stores ?? [], database);
}
