import { exportRecords } from "#features/export/index.ts";
import { searchRecords } from "#features/search/index.ts";
import { allModules } from "#modules/index.ts";
import {
  changeRecord,
  countRecords,
  createRecord,
  deleteRecord,
  listRecords,
  reassignRecord,
  restoreRecord,
  showRecord,
  type Module,
} from "#records/index.ts";

const actionsOf = (module: Module) => ({
  module,
  name: module.name,
  list: listRecords(module),
  count: countRecords(module),
  show: showRecord(module),
  export: exportRecords(module),
  create: createRecord(module),
  change: changeRecord(module),
  delete: deleteRecord(module),
  restore: restoreRecord(module),
  reassign: reassignRecord(module),
});

/** A module with its actions, made once: their shapes take longer to build than to use. */
export type Noun = ReturnType<typeof actionsOf>;
export const nouns: readonly Noun[] = allModules.map(actionsOf);
export const search = searchRecords(allModules);
