import { useEffect } from "react";
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import {
  ask,
  cachedRecord,
  keys,
  refreshAround,
  showRecord,
  tellSignedOut,
  useModules,
  useSession,
  type CrmRecord,
  type Module,
} from "#ui/index.ts";
import { markChanged } from "./changed-rows.ts";

type Change = { module: string; id: string; version: number; by: number | null };

const gatherMilliseconds = 400;
/** The server refuses what is too many at once; it may be fewer by then. */
const refusedMilliseconds = 60_000;
// Above this many changes at once (an import, say) asking for each record would cost more than asking anew.
const oneByOneMax = 12;

/** Listens to what others change, and shows it without losing anybody's place in a list. */
export function useStream(): void {
  const client = useQueryClient();
  const modules = useModules();
  const { user } = useSession();
  useEffect(() => {
    let gathered: Change[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      const changes = gathered;
      gathered = [];
      void show(client, modules, changes, user.id);
    };
    const close = keptOpen((change) => {
      gathered.push(change);
      timer ??= setTimeout(flush, gatherMilliseconds);
    });
    return () => {
      close();
      clearTimeout(timer);
    };
  }, [client, modules, user.id]);
}

/** Opens again by itself; what was closed for a newer page of the same user, when somebody looks at this one again. */
function keptOpen(tell: (change: Change) => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    source?.close();
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", lookedAt);
  };
  const lookedAt = () => {
    if (document.visibilityState === "visible") open();
  };
  const open = () => {
    close();
    source = new EventSource("/api/stream");
    source.addEventListener("change", (event: MessageEvent<string>) =>
      tell(JSON.parse(event.data) as Change),
    );
    source.addEventListener("elsewhere", () => {
      close();
      document.addEventListener("visibilitychange", lookedAt);
    });
    source.addEventListener("end", () => {
      close();
      tellSignedOut();
    });
    // Only what was refused is closed: the browser opens the others again itself.
    source.addEventListener("error", () => {
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, refusedMilliseconds);
    });
  };
  open();
  return close;
}

async function show(client: QueryClient, modules: Module[], changes: Change[], me: number): Promise<void> {
  const latest = [...new Map(changes.map((change) => [`${change.module}:${change.id}`, change])).values()];
  if (latest.length > oneByOneMax) {
    for (const name of new Set(latest.map(({ module }) => module))) {
      await client.invalidateQueries({ queryKey: keys.module(name) });
    }
    await client.invalidateQueries({ queryKey: keys.home });
    return;
  }
  for (const change of latest) {
    const module = modules.find(({ name }) => name === change.module);
    if (module) await showOne(client, module, change, me);
  }
}

async function showOne(client: QueryClient, module: Module, change: Change, me: number): Promise<void> {
  const known = cachedRecord(client, module.name, change.id);
  if (known && known.version >= change.version) return;
  if (change.by !== me) markChanged(module.name, change.id);
  if (!known) {
    await client.invalidateQueries({ queryKey: keys.lists(module.name) });
  } else {
    const record = await ask<CrmRecord>("GET", `/api/${module.path}/${change.id}`).catch(() => undefined);
    if (record && !record.deletedAt) showRecord(client, module.name, change.id, record);
    else await client.invalidateQueries({ queryKey: keys.module(module.name) });
  }
  await refreshAround(client, module.name, change.id);
}
