import { perform, type Action } from "#core/index.ts";
import { route, routes, type Route, type RouteTable } from "#platform/http/index.ts";
import type { Module } from "#records/index.ts";
import type { GiveJob, OwnJob } from "../job-session/index.ts";
import { importActions } from "./import-actions.ts";
import { limits } from "./limits.ts";
import { targetsOf } from "./targets.ts";

export function importRoutes(modules: readonly Module[], giveJob: GiveJob): RouteTable {
  const actions = importActions(targetsOf(modules));
  return routes({
    "POST /imports": route(actions.upload, {
      status: 201,
      file: "file",
      bodyBytesMax: limits.bytesMax,
      // Without the key of a repeated request: hashing a file as JSON costs more than the file.
      answer: async (request, reply, call) => {
        const uploaded = await perform(
          actions.upload,
          { ...call, idempotencyKey: undefined },
          { ...(request.query as object), file: request.body },
        );
        reply.code(201);
        return uploaded;
      },
    }),
    "GET /imports": actions.list,
    "GET /imports/:id": actions.show,
    "PATCH /imports/:id": actions.change,
    "POST /imports/:id/check": actions.check,
    "POST /imports/:id/run": jobRoute(actions.run, "take", giveJob),
    "POST /imports/:id/undo": jobRoute(actions.undo, "undo", giveJob),
    "GET /imports/:id/report": route(actions.report, { mediaType: "text/csv" }),
  });
}

/** The job is given once its state is committed; its token goes no further than the queue. */
function jobRoute<Id extends { id: string }>(
  action: Action<Id, { import: unknown; token: string }>,
  act: OwnJob["act"],
  giveJob: GiveJob,
): Route {
  return route(action, {
    status: 202,
    answer: async (request, reply, call) => {
      const begun = await perform(action, { ...call, idempotencyKey: undefined }, request.params);
      const { id } = request.params as { id: string };
      await giveJob({ act, id, token: begun.token }, call);
      reply.code(202);
      return begun.import;
    },
  });
}
