import { exportRecords } from "#features/export/index.ts";
import { showHome } from "#features/home/index.ts";
import { searchRecords } from "#features/search/index.ts";
import { showTimeline, whoSees } from "#features/timeline/index.ts";
import { activity, allModules, showBoard } from "#modules/index.ts";
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
  timeline: showTimeline(module, activity),
  whoSees: whoSees(module),
});

/** A module with its actions, made once: their shapes take longer to build than to use. */
export type Noun = ReturnType<typeof actionsOf>;
export const nouns: readonly Noun[] = allModules.map(actionsOf);
export const search = searchRecords(allModules);
export const board = showBoard;
export const home = showHome;
