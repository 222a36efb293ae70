import { randomUUID } from "node:crypto";
import { Refusal } from "#core/index.ts";
import type { Tenancy } from "#platform/tenancy/index.ts";
import type { Backups } from "../backup/backups.ts";
import type { Span } from "../backup/window.ts";
import { closeMoment, listMoments, type OpenMoment } from "../moments/moments.store.ts";
import { listRestores, type Restore } from "../restore/restores.store.ts";
import {
  cancelRequest,
  insertRequest,
  listRequests,
  type NewRequest,
  type RestoreRequest,
} from "./requests.store.ts";
import type { WrongMoment } from "./request.words.ts";
import { readStanding, type TenantStanding } from "./tenant-standing.store.ts";

/** What can be restored for one tenant; `earliest` is undefined while there is no base backup. */
export type TenantWindow = {
  earliest: Date | undefined;
  /** Archived up to here; later moments are archived when they are asked for. */
  latest: Date | undefined;
  gaps: Span[];
  keepDays: number;
};

export type Wrong = { wrong: WrongMoment; from: Date; to: Date };
export type Asked = Omit<NewRequest, "id">;

/** Where a tenant's administrator asks for restores. It knows the registry and the backups, and no tenant's database. */
export type RestoreDesk = {
  window(tenantId: string): Promise<TenantWindow>;
  /** Undefined when the moment can be restored. */
  wrongWith(tenantId: string, at: Date, now: Date): Promise<Wrong | undefined>;
  list(
    tenantId: string,
  ): Promise<{ standing: TenantStanding; requests: RestoreRequest[]; restores: Restore[] }>;
  /** Throws the Refusal `restore_open` while another one is asked for or runs. */
  ask(asked: Asked): Promise<string>;
  cancel(tenantId: string, id: string): Promise<boolean>;
  /** Those open beside the present. */
  moments(tenantId: string): Promise<OpenMoment[]>;
  /** False when it is not open. */
  closeMoment(tenantId: string, id: string): Promise<boolean>;
};

type Registry = Tenancy["registry"];
const rememberedMilliseconds = 5_000;

export function openRestoreDesk({
  registry,
  backups,
}: {
  registry: Registry;
  backups: Pick<Backups, "window" | "keepDays">;
}): RestoreDesk {
  const wholeWindow = remembered(() => backups.window());
  const window = async (tenantId: string): Promise<TenantWindow> => {
    const [all, { createdAt }] = await Promise.all([wholeWindow(), standingOf(registry, tenantId)]);
    const earliest = all.earliest === undefined || all.earliest > createdAt ? all.earliest : createdAt;
    const gaps = all.gaps.filter(({ to }) => to > createdAt);
    return { earliest, latest: all.latest, gaps, keepDays: backups.keepDays };
  };
  return {
    window,
    async wrongWith(tenantId, at, now) {
      const { earliest = now, ...rest } = await window(tenantId);
      const wrong = (why: WrongMoment, { from, to }: Span = { from: earliest, to: now }): Wrong => ({
        wrong: why,
        from,
        to,
      });
      if (at > now) return wrong("in_future");
      if (rest.latest === undefined) return wrong("no_base");
      if (at < earliest) return wrong("before_window");
      const gap = rest.gaps.find(({ from, to }) => from < at && at < to);
      return gap && wrong("in_gap", gap);
    },
    async list(tenantId) {
      const [standing, requests, restores] = await Promise.all([
        standingOf(registry, tenantId),
        listRequests(registry, tenantId),
        listRestores(registry, tenantId),
      ]);
      return { standing, requests, restores };
    },
    async ask(asked) {
      const id = randomUUID();
      if (!(await insertRequest(registry, { ...asked, id }))) throw new Refusal("restore_open");
      return id;
    },
    cancel: (tenantId, id) => cancelRequest(registry, tenantId, id),
    moments: (tenantId) => listMoments(registry, tenantId),
    closeMoment: (tenantId, id) => closeMoment(registry, tenantId, id),
  };
}

async function standingOf(registry: Registry, tenantId: string): Promise<TenantStanding> {
  const standing = await readStanding(registry, tenantId);
  if (standing === undefined) throw new Refusal("no_such_tenant");
  return standing;
}

/** The location is read once for everybody who looks within some seconds. */
function remembered<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let last: { at: number; value: Promise<Value> } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at > rememberedMilliseconds) {
      const value = read();
      last = { at: now, value };
      value.catch(() => (last = undefined));
    }
    return last.value;
  };
}
