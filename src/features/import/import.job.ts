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
import { addWords, noteStarted, noteStopped } from "./import.store.ts";
import { say } from "./import.words.ts";
import { takeImport, undoImport } from "./job-actions.ts";
import type { GiveJob, ImportJob } from "./jobs.ts";
import { wordsBatchRecords } from "./limits.ts";
import { targetsOf } from "./targets.ts";

/** The token is sealed: whoever reads the queue cannot act as the import's owner. */
type Payload = {
  tenantId: string;
  act: ImportJob["act"];
  importId: string;
  sealedToken: string;
  ip: string;
  requestId: string;
  language: Call["language"];
};

const queueName = "import";
/** After so many runs that ended in a fault of ours the import is given up; a person may start it again. */
const attemptsMax = 4;
/** Imports at a time in one process; each holds one connection, and one for its progress now and then. */
const concurrency = 2;

export function givesJobs(queue: Queue, hostKey: HostKey): GiveJob {
  return async ({ act, importId, token }, call) => {
    const sealedToken = seal(hostKey, token, `${call.tenant.id} ${importId}`);
    const payload: Payload = {
      tenantId: call.tenant.id,
      act,
      importId,
      sealedToken,
      ip: call.ip,
      requestId: call.requestId,
      language: call.language,
    };
    try {
      await queue.enqueue(queueName, payload, {
        singletonKey: `${act} ${importId}`,
        retriesMax: attemptsMax - 1,
      });
    } catch (error) {
      throw refusalOf(error) ?? new Refusal("unavailable");
    }
  };
}

/** Works the jobs off. A killed process's job is taken up by another, from the first row. */
export async function workImports(options: {
  queue: Queue;
  hostKey: HostKey;
  modules: readonly Module[];
  tenantOf: (id: string) => Promise<TenantConnection>;
}): Promise<void> {
  const targets = targetsOf(options.modules);
  await options.queue.work<Payload>(
    queueName,
    async ({ payload, attempt, signal }) => {
      const tenant = await options.tenantOf(payload.tenantId);
      const token = unseal(options.hostKey, payload.sealedToken, `${payload.tenantId} ${payload.importId}`);
      const call: Call = {
        tenant,
        token,
        ip: payload.ip,
        userAgent: "import job",
        requestId: payload.requestId,
        language: payload.language,
      };
      const action = payload.act === "take" ? takeImport(targets, signal) : undoImport(targets, signal);
      await noteStarted(tenant.pool(), payload.importId);
      try {
        await perform(action, call, { id: payload.importId });
      } catch (error) {
        const reason = reasonOf(error, call, attempt);
        if (reason === undefined) throw error;
        await noteStopped(tenant.pool(), payload.importId, reason);
      }
      while (await addWords(tenant.pool(), payload.importId, wordsBatchRecords)) {
        if (signal.aborted) throw new ComeAgain();
      }
      await transaction(tenant.pool(), { readOnly: false, token }, async (db, actor) => {
        if (actor !== undefined) await endOwnSession(db, actor);
      });
    },
    { concurrency },
  );
}

/** Why a job ends here, in its owner's words; undefined when it is to be tried again. */
function reasonOf(error: unknown, { language }: Call, attempt: number): string | undefined {
  const refusal = refusalOf(error);
  if (error instanceof ComeAgain) return undefined;
  const passing = refusal === undefined || refusal.code === "unavailable" || refusal.code === "conflict";
  if (passing) return attempt < attemptsMax ? undefined : say("failed", language);
  if (refusal.code === "forbidden" || refusal.code === "signed_out") return say("right_lost", language);
  return refusalMessage(refusal, language);
}
