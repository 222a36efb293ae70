import {
  perform,
  Refusal,
  refusalMessage,
  refusalOf,
  transaction,
  type Call,
  type TenantConnection,
} from "#core/index.ts";
import type { Queue } from "#platform/queue/index.ts";
import { seal, unseal, type HostKey } from "#platform/secrets/index.ts";
import type { Module } from "#records/index.ts";
import { ComeAgain, endOwnSession } from "../job-session/index.ts";
import { takeDeleted, undoAll } from "./job-actions.ts";
import type { GiveTakeBack, TakeBackJob } from "./jobs.ts";
import { noteStarted, noteStopped } from "./journal.store.ts";
import { stopWords } from "./take-back.words.ts";

/** The token is sealed: whoever reads the queue cannot act as its owner. */
type Payload = Omit<TakeBackJob, "token"> & {
  tenantId: string;
  sealedToken: string;
  ip: string;
  requestId: string;
  language: Call["language"];
};

const queueName = "take-back";
/** After so many runs that ended in a fault of ours it is given up; a person may start it again. */
const attemptsMax = 4;

export function givesTakeBacks(queue: Queue, hostKey: HostKey): GiveTakeBack {
  return async ({ act, takeBackId, token }, call) => {
    const tenantId = call.tenant.id;
    const sealedToken = seal(hostKey, token, `${tenantId} ${takeBackId}`);
    const { ip, requestId, language } = call;
    const payload: Payload = { tenantId, act, takeBackId, sealedToken, ip, requestId, language };
    try {
      await queue.enqueue(queueName, payload, {
        singletonKey: `${act} ${takeBackId}`,
        retriesMax: attemptsMax - 1,
      });
    } catch (error) {
      throw refusalOf(error) ?? new Refusal("unavailable");
    }
  };
}

/** Works the jobs off. A killed process's job is taken up by another, from its first record. */
export async function workTakeBacks(options: {
  queue: Queue;
  hostKey: HostKey;
  modules: readonly Module[];
  tenantOf: (id: string) => Promise<TenantConnection>;
}): Promise<void> {
  const { queue, hostKey, modules, tenantOf } = options;
  await queue.work<Payload>(queueName, async ({ payload, attempt, signal }) => {
    const { tenantId, takeBackId: id, act, ip, requestId, language } = payload;
    const tenant = await tenantOf(tenantId);
    const token = unseal(hostKey, payload.sealedToken, `${tenantId} ${id}`);
    const call: Call = { tenant, token, ip, userAgent: "take-back job", requestId, language };
    await noteStarted(tenant.pool(), id);
    try {
      await perform(act === "take" ? takeDeleted(modules, signal) : undoAll(modules, signal), call, { id });
    } catch (error) {
      const reason = reasonOf(error, call, attempt);
      if (reason === undefined) throw error;
      await noteStopped(tenant.pool(), id, reason);
    }
    await transaction(tenant.pool(), { readOnly: false, token }, async (db, actor) => {
      if (actor !== undefined) await endOwnSession(db, actor);
    });
  });
}

/** Why a job ends here, in its owner's words; undefined when it is to be tried again. */
function reasonOf(error: unknown, { language }: Call, attempt: number): string | undefined {
  if (error instanceof ComeAgain) return undefined;
  const refusal = refusalOf(error);
  const passing = refusal === undefined || refusal.code === "unavailable" || refusal.code === "conflict";
  if (passing) return attempt < attemptsMax ? undefined : stopWords.failed[language];
  if (refusal.code === "forbidden" || refusal.code === "signed_out") return stopWords.rightLost[language];
  return refusalMessage(refusal, language);
}
