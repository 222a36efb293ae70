import type { AuditEntry, AuditRow, Door } from "#core/index.ts";
import { fileParts, type StoredImport } from "./import.store.ts";
import { planImport, type Asker } from "./plan.ts";
import { prepareBatch, type Outcome } from "./prepare.ts";
import { readRows, type FileRow } from "./read-rows.ts";
import { takeRecords } from "./take-records.ts";
import { planUsers, prepareUsers, takeUsers } from "./take-users.ts";
import type { Target } from "./targets.ts";

type Asked = Asker & { target: Target; one: StoredImport };
/** Where it goes; undefined for a dry run. `usersCreated` is filled with the ids of new users. */
type Into =
  | { row: AuditRow; door: Door; audit: (entry: AuditEntry) => void; usersCreated: number[] }
  | undefined;

/** The one path of an import, dry or not: yields what became of the rows, batch by batch. */
export async function* take({ target, one, ...asker }: Asked, into: Into): AsyncGenerator<Outcome> {
  const { db, actor } = asker;
  const read = () => bodyOf(readRows(fileParts(db, one.id), one.dialect, actor.language));
  if (target.module === undefined) {
    const plan = await planUsers(db, actor, target, one);
    yield* takeUsers(
      plan,
      read,
      into === undefined ? undefined : { db, audit: into.audit, created: into.usersCreated },
    );
  } else {
    const plan = await planImport(asker, target.module, target.fields, one);
    yield* takeRecords(plan, read, into === undefined ? undefined : { db, importId: one.id, audit: into });
  }
}

/** What would become of a few rows, on their own. */
export async function tryRows({ target, one, ...asker }: Asked, rows: readonly FileRow[]): Promise<Outcome> {
  if (target.module === undefined)
    return prepareUsers(await planUsers(asker.db, asker.actor, target, one), rows);
  return await prepareBatch(await planImport(asker, target.module, target.fields, one), rows, () => null);
}

/** Without the column names. */
async function* bodyOf(batches: AsyncIterable<readonly FileRow[]>): AsyncGenerator<readonly FileRow[]> {
  let first = true;
  for await (const batch of batches) {
    yield first ? batch.slice(1) : batch;
    first = false;
  }
}
