import { changesInput, route, routes, type RouteTable } from "#platform/http/index.ts";
import {
  changeRecord,
  countRecords,
  createRecord,
  deleteRecord,
  eraseRecord,
  listRecords,
  reassignRecord,
  restoreRecord,
  showRecord,
  type Module,
} from "#records/index.ts";
import { exportRecords } from "../export/index.ts";
import { showTimeline, whoSees } from "../timeline/index.ts";

/** What every module answers to, the same way. */
export function recordRoutes(module: Module, activity: Module): RouteTable {
  const path = `/${module.path}` as const;
  return routes({
    [`GET ${path}`]: listRecords(module),
    [`GET ${path}/count`]: countRecords(module),
    [`POST ${path}/export`]: route(exportRecords(module), { mediaType: "text/csv" }),
    [`POST ${path}`]: route(createRecord(module), { status: 201, input: (request) => request.body ?? {} }),
    [`GET ${path}/:id`]: showRecord(module),
    [`PATCH ${path}/:id`]: route(changeRecord(module), { input: changesInput }),
    [`DELETE ${path}/:id`]: deleteRecord(module),
    [`POST ${path}/:id/restore`]: restoreRecord(module),
    [`POST ${path}/:id/erase`]: eraseRecord(module),
    [`POST ${path}/:id/reassign`]: reassignRecord(module),
    [`GET ${path}/:id/timeline`]: showTimeline(module, activity),
    [`GET ${path}/:id/access`]: whoSees(module),
  });
}
