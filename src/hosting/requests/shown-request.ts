import { z } from "zod";
import type { RestoreReport } from "../restore/restore-tenant.ts";
import type { Restore } from "../restore/restores.store.ts";
import type { RequestState, RestoreRequest } from "./requests.store.ts";
import type { TenantStanding } from "./tenant-standing.store.ts";

const instant = z.string().nullable();
const names = z.array(z.string());
export const requestOutput = z.object({
  id: z.string(),
  kind: z.enum(["switch", "copy", "back", "moment"]),
  state: z.enum(["asked", "approved", "running", "done", "failed", "refused", "cancelled"]),
  target: instant,
  newKey: z.string().nullable(),
  reason: z.string().nullable(),
  askedBy: z.string().nullable(),
  askedAt: z.string(),
  decidedAt: instant,
  because: z.string().nullable(),
  step: z.string().nullable(),
  endedAt: instant,
  switchedAt: instant,
  /** Commit time of the tenant's own last transaction that is in; when others last worked is theirs. */
  lastOwnCommit: instant,
  compared: z.object({ tables: z.int(), rows: z.int() }).nullable(),
  erasedAgain: z.int().nullable(),
  users: z.object({ closed: names, blocked: names, lowered: names, left: names, gone: z.int() }).nullable(),
  keptUntil: instant,
  mayGoBack: z.boolean(),
});
export type ShownRequest = z.infer<typeof requestOutput>;

type Detail = Partial<Pick<RestoreReport, "lastOwnCommit" | "copied" | "carried">>;
type Told = { request: RestoreRequest | undefined; restore: Restore | undefined };

/** Requests with the restores they led to, and those the host made of itself; the newest first. What came to nothing is no one's. */
export function paired(requests: readonly RestoreRequest[], restores: readonly Restore[]): Told[] {
  const byId = new Map(restores.map((restore) => [restore.id, restore]));
  const asked = new Set(requests.map(({ restoreId }) => restoreId));
  const own = restores.filter(
    ({ id, kind, state }) => !asked.has(id) && state !== "failed" && kind !== "drill" && kind !== "package",
  );
  const all: Told[] = [
    ...requests.map((request) => ({ request, restore: byId.get(request.restoreId ?? "") })),
    ...own.map((restore) => ({ request: undefined, restore })),
  ];
  const at = ({ request, restore }: Told) => request?.askedAt ?? restore?.startedAt ?? "";
  return all.sort((one, other) => (at(one) < at(other) ? 1 : -1));
}

/** The users a restore's result names, by number. */
export const usersNamed = (told: readonly Told[]): number[] =>
  told.flatMap(({ restore }) => {
    const users = (restore?.detail as Detail | undefined)?.carried?.users;
    return users === undefined ? [] : [...users.closed, ...users.blocked, ...users.lowered, ...users.left];
  });

/** The restore whose replaced database the tenant can go back to. */
export function wayBack(
  restores: readonly Restore[],
  standing: TenantStanding,
  now: Date,
): Restore | undefined {
  const last = restores.find(
    ({ switchedAt, databaseName }) => switchedAt !== null && databaseName === standing.databaseName,
  );
  const isKept =
    last?.replacedDatabase != null && last.droppedAt === null && new Date(last.keptUntil ?? 0) > now;
  return isKept ? last : undefined;
}

export function shownRequest(
  { request, restore }: Told,
  { names: known, back }: { names: Map<number, string>; back: Restore | undefined },
): ShownRequest {
  const { lastOwnCommit, copied, carried } = (restore?.detail ?? {}) as Detail;
  const named = (ids: number[]) => ids.map((id) => known.get(id) ?? String(id));
  const users = carried && {
    closed: named(carried.users.closed),
    blocked: named(carried.users.blocked),
    lowered: named(carried.users.lowered),
    left: named(carried.users.left),
    gone: carried.users.gone,
  };
  return {
    id: request?.id ?? restore!.id,
    kind: request?.kind ?? (restore!.kind as ShownRequest["kind"]),
    state: request?.state ?? (restore!.state satisfies RequestState),
    target: request?.target ?? restore?.target ?? null,
    newKey: request?.newKey ?? null,
    reason: request?.reason ?? null,
    askedBy: request?.askedBy ?? null,
    askedAt: request?.askedAt ?? restore!.startedAt,
    decidedAt: request?.decidedAt ?? null,
    because: request?.because ?? null,
    step: restore?.step ?? null,
    endedAt: request?.endedAt ?? restore?.endedAt ?? null,
    switchedAt: restore?.switchedAt ?? null,
    lastOwnCommit: lastOwnCommit ?? null,
    compared: copied ? { tables: copied.tables, rows: copied.rows } : null,
    erasedAgain: carried?.erased ?? null,
    users: users ?? null,
    keptUntil: restore?.keptUntil ?? null,
    mayGoBack: restore !== undefined && restore.id === back?.id,
  };
}
