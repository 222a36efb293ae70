import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { ApiError, ask } from "../api/ask.ts";
import { isConnected, onConnection } from "../api/connection.ts";
import { cachedRecord, refreshAround, showRecord } from "../api/record-cache.ts";
import type { CrmRecord, Module, Value } from "../api/shapes.ts";
import { sameValue, toWire } from "../api/wire.ts";
import { draftNamed, draftsUnder, onDrafts, putDraft } from "./draft-store.ts";

const family = "edit.";

/** One field as somebody typed it. `base` is what stood there before, in `version` of the record. */
export type Edit = {
  value: Value;
  base: Value;
  state: "typing" | "waiting" | "conflict";
  version?: number;
  /** Milliseconds; the order in which changes are sent. */
  at?: number;
};
type Sent = { outcome: "saved" | "waiting" } | { outcome: "conflict" | "refused"; error: unknown };
export type Unsaved = {
  module: Module;
  recordId: string;
  field: string;
  error: unknown;
  /** Somebody else changed the same field meanwhile. */
  conflict: boolean;
};

export const editName = (module: string, recordId: string, field: string): string =>
  `${family}${module}.${recordId}.${field}`;

// The newest version that a change of ours has made of each record: a later one builds on it.
const made = new Map<string, number>();
let sending: Promise<void> = Promise.resolve();

/**
 * Saves one field of a record. The new value is shown at once; the draft is kept until the server has said
 * yes, so that a lost connection, a reload or an ended session loses nothing. Changes leave one after another.
 */
export function saveEdit(
  client: QueryClient,
  module: Module,
  { id, version }: CrmRecord,
  change: { field: string; value: Value; base: Value },
): Promise<Sent> {
  const { field, value, base } = change;
  const name = editName(module.name, id, field);
  const known = cachedRecord(client, module.name, id);
  const edit: Edit = { value, base, state: "waiting", version: known?.version ?? version, at: Date.now() };
  putDraft(name, edit);
  showRecord(client, module.name, id, { [field]: value });
  const sent = sending.then(() => send(client, module, name, edit));
  sending = sent.then(
    () => undefined,
    () => undefined,
  );
  return sent;
}

/** Sends what waits, oldest first, whenever the server can be reached; says what could not be saved. */
export function useWaitingEdits(modules: Module[], onUnsaved: (unsaved: Unsaved) => void): void {
  const client = useQueryClient();
  useEffect(() => {
    const sendAll = async () => {
      for (const [name, edit] of waiting()) {
        const module = modules.find((one) => one.name === name.split(".")[1]);
        if (!isConnected() || !module) continue;
        const sent = await send(client, module, name, edit);
        if (sent.outcome === "waiting") return;
        const [, , recordId = "", field = ""] = name.split(".");
        if ("error" in sent)
          onUnsaved({ module, recordId, field, error: sent.error, conflict: sent.outcome === "conflict" });
      }
    };
    const go = () => {
      if (isConnected()) sending = sending.then(sendAll);
    };
    go();
    return onConnection(go);
  }, [client, modules, onUnsaved]);
}

export function useWaitingCount(): number {
  return useSyncExternalStore(onDrafts, () => waiting().length);
}

function waiting(): [name: string, edit: Edit][] {
  const edits = draftsUnder(family) as [string, Edit][];
  return edits
    .filter(([, { state }]) => state === "waiting")
    .toSorted(([, one], [, other]) => (one.at ?? 0) - (other.at ?? 0));
}

async function send(
  client: QueryClient,
  module: Module,
  name: string,
  edit: Edit,
  triesLeft = 3,
): Promise<Sent> {
  const [, , id = "", field = ""] = name.split(".");
  // Another tab of the same user, or he himself, may have settled it meanwhile.
  if (!isStill(name, edit)) return { outcome: "saved" };
  try {
    const version = Math.max(edit.version ?? 0, made.get(id) ?? 0);
    const body = toWire({ [field]: edit.value });
    const record = await ask<CrmRecord>("PATCH", `/api/${module.path}/${id}`, { body, version });
    made.set(id, record.version);
    settle(client, module, name, edit, record);
    return { outcome: "saved" };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "offline" || error.code === "signed_out") return { outcome: "waiting" };
    if (error.status === 409 && error.code === "conflict" && triesLeft > 0)
      return await meet(client, module, name, edit, triesLeft);
    putDraft(name, { ...edit, state: "typing" });
    showRecord(client, module.name, id, { [field]: edit.base });
    return { outcome: "refused", error };
  }
}

/** Somebody else has changed the record meanwhile: if not this field, ours is sent again on top of his. */
async function meet(
  client: QueryClient,
  module: Module,
  name: string,
  edit: Edit,
  triesLeft: number,
): Promise<Sent> {
  const [, , id = "", field = ""] = name.split(".");
  try {
    const record = await ask<CrmRecord>("GET", `/api/${module.path}/${id}`);
    const theirs = record[field] ?? null;
    if (sameValue(theirs, edit.value)) {
      settle(client, module, name, edit, record);
      return { outcome: "saved" };
    }
    if (sameValue(theirs, edit.base)) {
      const onTop = { ...edit, version: record.version };
      return await send(client, module, name, onTop, triesLeft - 1);
    }
    putDraft(name, { ...edit, state: "conflict" });
    showRecord(client, module.name, id, record);
    return { outcome: "conflict", error: new ApiError(409, { code: "conflict" }) };
  } catch (error) {
    if (error instanceof ApiError && error.code === "offline") return { outcome: "waiting" };
    putDraft(name, { ...edit, state: "typing" });
    return { outcome: "refused", error };
  }
}

function settle(client: QueryClient, module: Module, name: string, edit: Edit, record: CrmRecord): void {
  const now = draftNamed(name) as Edit | undefined;
  if (isStill(name, edit)) putDraft(name, undefined);
  // Typing has gone on meanwhile: from now on over what has just been saved.
  else if (now) putDraft(name, { ...now, base: edit.value });
  showRecord(client, module.name, record.id, record);
  void refreshAround(client, module.name, record.id);
}

function isStill(name: string, { at }: Edit): boolean {
  const now = draftNamed(name) as Edit | undefined;
  return now?.state === "waiting" && now.at === at;
}
