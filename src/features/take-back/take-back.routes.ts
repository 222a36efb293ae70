import { perform, type Action } from "#core/index.ts";
import { plainInput, route, routes, type Route, type RouteTable } from "#platform/http/index.ts";
import type { Module } from "#records/index.ts";
import type { GiveJob, OwnJob } from "../job-session/index.ts";
import { compareActions } from "./compare-actions.ts";
import { takeBackActions, type Begun } from "./take-back-actions.ts";

/** Comparing the present with a moment that is open, and taking back from it. */
export function takeBackRoutes(modules: readonly Module[], give: GiveJob): RouteTable {
  const compare = compareActions(modules);
  const actions = takeBackActions(modules);
  return routes({
    "GET /moments/:id/counts": compare.counts,
    "GET /moments/:id/changes": compare.changes,
    "GET /moments/:id/records/:module/:recordId": compare.record,
    "POST /moments/:id/take-back": route(actions.take, { status: 201 }),
    "POST /moments/:id/take-back-deleted": jobRoute(actions.takeDeleted, "take", give),
    "GET /take-backs": actions.list,
    "GET /take-backs/:id": actions.show,
    "GET /take-backs/:id/records": actions.records,
    "POST /take-backs/:id/undo": jobRoute(actions.undo, "undo", give),
  });
}

/** The job is given once its state is committed; its token goes no further than the queue. */
function jobRoute<Input>(action: Action<Input, Begun>, act: OwnJob["act"], give: GiveJob): Route {
  return route(action, {
    status: 202,
    answer: async (request, reply, call) => {
      const begun = await perform(action, { ...call, idempotencyKey: undefined }, plainInput(request));
      await give({ act, id: begun.takeBack.id, token: begun.token }, call);
      reply.code(202);
      return begun.takeBack;
    },
  });
}
