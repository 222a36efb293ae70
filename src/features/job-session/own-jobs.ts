import {
  lastUser,
  perform,
  Refusal,
  refusalMessage,
  refusalOf,
  transaction,
  zoneOfNobody,
  type Action,
  type Call,
  type TenantConnection,
} from "#core/index.ts";
import type { Queue } from "#platform/queue/index.ts";
import { seal, unseal, type HostKey } from "#platform/secrets/index.ts";
import { ComeAgain } from "./come-again.ts";
import { endOwnSession } from "./job-session.store.ts";

/** What somebody began and is done in the background as himself: `id` names it, `token` is its session. */
export type OwnJob = { act: "take" | "undo"; id: string; token: string };

/** Hands a job to whoever works it off; it comes after the answer, and outlives this process. */
export type GiveJob = (job: OwnJob, call: Call) => Promise<void>;

/** The token is sealed: whoever reads the queue cannot act as its owner. */
type Payload = Omit<OwnJob, "token"> & {
  tenantId: string;
  sealedToken: string;
  ip: string;
  requestId: string;
  language: Call["language"];
  zone: Call["zone"];
};

/** After so many runs that ended in a fault of ours a job is given up; a person may start it again. */
const attemptsMax = 4;

export function givesJobs(queue: Queue, hostKey: HostKey, queueName: string): GiveJob {
  return async ({ act, id, token }, call) => {
    const tenantId = call.tenant.id;
    const sealedToken = seal(hostKey, token, `${tenantId} ${id}`);
    const { ip, requestId, language, zone } = call;
    const payload: Payload = { tenantId, act, id, sealedToken, ip, requestId, language, zone };
    try {
      await queue.enqueue(queueName, payload, {
        singletonKey: `${act} ${id}`,
        retriesMax: attemptsMax - 1,
        whose: { tenant: tenantId, user: lastUser(call.tenant.pool(), call.token)?.userId },
      });
    } catch (error) {
      throw refusalOf(error) ?? new Refusal("unavailable");
    }
  };
}

/** With what jobs are worked off. */
export type Workplace = {
  queue: Queue;
  hostKey: HostKey;
  tenantOf: (id: string) => Promise<TenantConnection>;
};

/** How jobs of one kind are done. */
export type Work = {
  queueName: string;
  actionOf: (act: OwnJob["act"], signal: AbortSignal) => Action<{ id: string }, unknown>;
  started: (tenant: TenantConnection, id: string) => Promise<unknown>;
  stopped: (tenant: TenantConnection, id: string, reason: string) => Promise<unknown>;
  /** Why it ended, for its owner. */
  words: (why: "failed" | "rightLost", language: Call["language"]) => string;
  afterwards?: (tenant: TenantConnection, id: string, signal: AbortSignal) => Promise<void>;
  /** At a time in one process. */
  concurrency?: number;
};

/** Works jobs off. A killed process's job is taken up by another, from its beginning. */
export async function workJobs({ queue, hostKey, tenantOf }: Workplace, work: Work): Promise<void> {
  await queue.work<Payload>(
    work.queueName,
    async ({ payload, attempt, signal }) => {
      const { tenantId, id, act, ip, requestId, language, zone = zoneOfNobody } = payload;
      const tenant = await tenantOf(tenantId);
      const token = unseal(hostKey, payload.sealedToken, `${tenantId} ${id}`);
      const userAgent = `${work.queueName} job`;
      const call: Call = { tenant, token, ip, userAgent, requestId, language, zone };
      await work.started(tenant, id);
      try {
        await perform(work.actionOf(act, signal), call, { id });
      } catch (error) {
        const reason = reasonOf(error, work, language, attempt);
        if (reason === undefined) throw error;
        await work.stopped(tenant, id, reason);
      }
      await work.afterwards?.(tenant, id, signal);
      await transaction(tenant.pool(), { readOnly: false, token }, async (db, actor) => {
        if (actor !== undefined) await endOwnSession(db, actor);
      });
    },
    work.concurrency === undefined ? {} : { concurrency: work.concurrency },
  );
}

const passingCodes: ReadonlySet<Refusal["code"]> = new Set(["unavailable", "too_many", "conflict"]);

/** Why a job ends here, in its owner's words; undefined when it is to be tried again. */
function reasonOf(
  error: unknown,
  { words }: Work,
  language: Call["language"],
  attempt: number,
): string | undefined {
  if (error instanceof ComeAgain) return undefined;
  const refusal = refusalOf(error);
  const passing = refusal === undefined || passingCodes.has(refusal.code);
  if (passing) return attempt < attemptsMax ? undefined : words("failed", language);
  if (refusal.code === "forbidden" || refusal.code === "signed_out") return words("rightLost", language);
  return refusalMessage(refusal, language);
}
