import { auditRow, Refusal, writeBulkAudit, type Work } from "#core/index.ts";
import type { Module } from "#records/index.ts";
import { csvLine } from "../export/index.ts";
import { mustHold, updateUser } from "../users/index.ts";
import type { StoredImport } from "./import.store.ts";
import { say, type Reason } from "./import.words.ts";
import { binNext, leftNext } from "./undo.store.ts";
import { untouchedUsers } from "./users.store.ts";

const batchRecords = 500;
const beforeAll = "00000000-0000-0000-0000-000000000000";

/** Bins batch by batch; yields the report's lines about what stays and why. */
export async function* undoRecords(
  { db, actor, call }: Work<unknown>,
  stored: StoredImport,
  module: Module,
): AsyncGenerator<string> {
  const row = auditRow(
    call,
    actor,
    { action: `${module.name}.undo`, outcome: "done", at: new Date() },
    { module: module.name },
  );
  for (let after = beforeAll; ;) {
    const ids = await binNext(db, actor, module.name, stored.id, after, batchRecords);
    if (ids.length === 0) break;
    await writeBulkAudit(db, call.tenant.door, row, {
      ids,
      details: ids.map(() => ({ changes: [], import: stored.id })),
    });
    after = ids.at(-1) ?? after;
    yield "";
  }
  for (let after = beforeAll; ;) {
    const left = await leftNext(db, actor, module.name, stored.id, after, batchRecords);
    if (left.length === 0) return;
    yield left.map(({ name, changed }) => line(name, changed ? "changed_since" : "not_deleted")).join("");
    after = left.at(-1)?.id ?? after;
  }

  function line(name: string, reason: Reason): string {
    return csvLine(["", module.words[actor.language].one, name, say(reason, actor.language)]);
  }
}

/** Users have no bin: those who never signed in and were not changed are closed. */
export async function* undoUsers(
  { db, actor, audit }: Work<unknown>,
  stored: StoredImport,
): AsyncGenerator<string> {
  for (const user of await untouchedUsers(db, stored.usersCreated)) {
    const reason = user.untouched ? reasonToKeep(user) : "changed_since";
    if (reason !== undefined) {
      yield csvLine(["", "", user.fullName, say(reason, actor.language)]);
      continue;
    }
    await updateUser(db, user.id, { active: false });
    audit({
      action: "user.undo",
      module: "user",
      detail: { user: user.id, changed: [{ field: "active", before: true, after: false }] },
    });
  }

  function reasonToKeep(user: { level: number; territories: number[] }): Reason | undefined {
    try {
      mustHold(actor, user);
      return actor.permissions.includes("users") ? undefined : "not_deleted";
    } catch (error) {
      if (error instanceof Refusal) return "beyond_own_rights";
      throw error;
    }
  }
}
