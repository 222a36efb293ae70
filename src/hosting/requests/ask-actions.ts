import { z } from "zod";
import { command, rawText, Refusal, text, uuidText, type Call, type Work } from "#core/index.ts";
import { openMax } from "../moments/limits.ts";
import { deskOf, mustReachAll, permission } from "./look-actions.ts";
import { keyWords } from "./request.words.ts";
import type { RestoreDesk } from "./restore-desk.ts";
import { wayBack } from "./shown-request.ts";
import { targetOf } from "./target.ts";

const reason = text(500).min(1);
const id = uuidText();
const asked = z.object({ id: z.string() });

const keyShape = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const keyLengthMax = 40;

const askedBy = ({ actor, call }: Work<unknown>) => ({
  tenantId: call.tenant.id,
  askedByUser: actor.userId,
  askedBy: `${actor.fullName} (${actor.name})`,
});

export const askRestore = (desk: RestoreDesk | undefined) =>
  command({
    name: "restore.ask",
    summary:
      "Asks for a restore to a moment: in place, as a tenant of its own under a new key, or open beside the present.",
    permission,
    input: z.strictObject({
      kind: z.enum(["switch", "copy", "moment"]).default("switch"),
      target: rawText(40),
      newKey: rawText(200).optional(),
      reason,
    }),
    output: asked,
    allows: mustReachAll,
    run: async (work) => {
      const { input, call, audit } = work;
      const target = await targetOf(deskOf(desk), call, { field: "target", text: input.target }, new Date());
      const newKey = newKeyOf(work);
      const { kind, reason: why } = input;
      if (kind === "moment") await mustHaveRoom(deskOf(desk), call);
      audit({ detail: { kind, target: target.toISOString(), reason: why } });
      const request = { ...askedBy(work), kind, target, newKey, backFrom: null, reason: why };
      return { id: await deskOf(desk).ask(request) };
    },
  });

async function mustHaveRoom(desk: RestoreDesk, { tenant }: Call): Promise<void> {
  if ((await desk.moments(tenant.id)).length >= openMax) throw new Refusal("too_many_moments");
}

/** A copy needs a key of its own, and nothing else has one. */
function newKeyOf({ input, call }: Work<{ kind: string; newKey?: string | undefined }>): string | null {
  const { kind, newKey } = input;
  const isRight =
    kind === "copy"
      ? newKey !== undefined && newKey.length <= keyLengthMax && keyShape.test(newKey)
      : newKey === undefined;
  if (isRight) return newKey ?? null;
  const message = keyWords[call.language](new Date(0), new Date(0));
  throw new Refusal("invalid_input", {
    field: "newKey",
    issues: [{ field: "newKey", code: "wrong_format", message }],
  });
}

export const askBack = (desk: RestoreDesk | undefined) =>
  command({
    name: "restore.back",
    summary: "Asks to go back to the database that a restore replaced, while it is kept.",
    permission,
    input: z.strictObject({ id, reason }),
    output: asked,
    allows: mustReachAll,
    find: async ({ input, call }: Work<{ id: string; reason: string }>) => {
      const { requests, restores, standing } = await deskOf(desk).list(call.tenant.id);
      const restoreId = requests.find((each) => each.id === input.id)?.restoreId ?? input.id;
      const restore = restores.find((each) => each.id === restoreId);
      return restore && { restore, isBack: wayBack(restores, standing, new Date())?.id === restore.id };
    },
    run: async (work, { restore, isBack }) => {
      if (!isBack) throw new Refusal("wrong_state", { field: "id" });
      const { input, audit } = work;
      audit({ detail: { kind: "back", from: restore.id, reason: input.reason } });
      const request = { kind: "back", target: null, newKey: null, backFrom: restore.id } as const;
      return { id: await deskOf(desk).ask({ ...askedBy(work), ...request, reason: input.reason }) };
    },
  });

export const cancelRestore = (desk: RestoreDesk | undefined) =>
  command({
    name: "restore.cancel",
    summary: "Takes back what was asked, as long as its work has not begun.",
    permission,
    input: z.strictObject({ id }),
    output: asked,
    allows: mustReachAll,
    find: async ({ input, call }: Work<{ id: string }>) => {
      const { requests } = await deskOf(desk).list(call.tenant.id);
      return requests.find((each) => each.id === input.id);
    },
    run: async ({ input, call, audit }) => {
      if (!(await deskOf(desk).cancel(call.tenant.id, input.id))) throw new Refusal("wrong_state");
      audit({ detail: { request: input.id } });
      return { id: input.id };
    },
  });
