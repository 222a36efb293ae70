import { route, routes, type RouteTable } from "#platform/http/index.ts";
import { closeMomentAction, listMomentsAction } from "../moments/moment-actions.ts";
import { askBack, askRestore, cancelRestore } from "./ask-actions.ts";
import { listRestoresAction, showSince, showWindow } from "./look-actions.ts";
import type { RestoreDesk } from "./restore-desk.ts";

/** What a tenant's administrators ask of the backups; without a desk, everything says that there are none. */
export const restoreRoutes = (desk: RestoreDesk | undefined): RouteTable =>
  routes({
    "GET /restores": listRestoresAction(desk),
    "GET /restores/window": showWindow(desk),
    "GET /restores/since": showSince(desk),
    "POST /restores": route(askRestore(desk), { status: 201 }),
    "GET /moments": listMomentsAction(desk),
    "POST /moments/:id/close": closeMomentAction(desk),
    "POST /restores/:id/cancel": cancelRestore(desk),
    "POST /restores/:id/back": route(askBack(desk), { status: 201 }),
  });
