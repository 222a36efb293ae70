import type { Actor, Db } from "#core/index.ts";
import type { Module } from "#records/index.ts";
import { absentAmong, marksAfter } from "./compare.store.ts";
import type { Side } from "./scan.ts";

export const sideOf = (db: Db, actor: Actor, module: Module): Side => ({
  marks: (after, limit) => marksAfter(db, actor, module, after, limit),
  absent: (ids) => absentAmong(db, module, ids),
});
