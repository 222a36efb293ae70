import { Refusal } from "#core/index.ts";
import { describeModules } from "#features/describe-modules/index.ts";
import { showHome } from "#features/home/index.ts";
import { importRoutes } from "#features/import/index.ts";
import type { GiveJob } from "#features/job-session/index.ts";
import { recordRoutes } from "#features/records-api/index.ts";
import { searchRecords } from "#features/search/index.ts";
import { signInRoutes } from "#features/sign-in/index.ts";
import { streamRoutes } from "#features/stream/index.ts";
import { takeBackRoutes } from "#features/take-back/index.ts";
import { userRoutes } from "#features/users/index.ts";
import { viewRoutes } from "#features/views/index.ts";
import { restoreRoutes, type RestoreDesk } from "#hosting/index.ts";
import { activity, allModules, moveOpportunity, showBoard } from "#modules/index.ts";
import { routes, type RouteTable } from "#platform/http/index.ts";

/** Where nothing works jobs off, none is taken. */
const noJobs = async (): Promise<never> => {
  throw new Refusal("unavailable");
};

export type Given = { giveJob?: GiveJob | undefined; giveTakeBack?: GiveJob | undefined };

/** Everything the API can be asked. */
export function allRoutes(
  { giveJob = noJobs, giveTakeBack = noJobs }: Given = {},
  desk?: RestoreDesk,
): RouteTable {
  return {
    ...signInRoutes,
    ...routes({
      "GET /modules": describeModules(allModules),
      "GET /home": showHome,
      "GET /search": searchRecords(allModules),
      "GET /opportunities/board": showBoard,
      "POST /opportunities/:id/move": moveOpportunity,
    }),
    ...Object.assign({}, ...allModules.map((module) => recordRoutes(module, activity))),
    ...viewRoutes(allModules),
    ...userRoutes,
    ...importRoutes(allModules, giveJob),
    ...streamRoutes(allModules),
    ...restoreRoutes(desk),
    ...takeBackRoutes(allModules, giveTakeBack),
  };
}
