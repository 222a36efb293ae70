import { perform } from "#core/index.ts";
import { changesInput, route, routes, type Route, type RouteTable } from "#platform/http/index.ts";
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
    [`GET ${path}/export`]: exportRoute(module),
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

function exportRoute(module: Module): Route {
  const action = exportRecords(module);
  return route(action, {
    mediaType: "text/csv",
    answer: async (request, reply, call) => {
      const text = await perform(action, call, request.query);
      reply
        .header("content-disposition", `attachment; filename="${module.path}.csv"`)
        .type("text/csv; charset=utf-8");
      return text;
    },
  });
}
