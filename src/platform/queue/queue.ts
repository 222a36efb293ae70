import { randomUUID } from "node:crypto";
import { PgBoss, type Job } from "pg-boss";
import type { Log } from "../log/index.ts";
import type { ServerConnection } from "../postgres/index.ts";

export type EnqueueOptions = {
  /** While a job with this key waits or runs, another one is not taken. */
  singletonKey?: string;
  startAfter?: Date;
  /** How often a failed or cut-off job is tried again. */
  retriesMax?: number;
  /** Whose turn the job takes: those of one tenant, and of one user, let others' go between them. */
  whose?: { tenant: string; user?: number | undefined };
};

/** One job given to a handler. `signal` ends when the program stops or the job was taken from it. */
export type QueueJob<Payload> = { id: string; payload: Payload; attempt: number; signal: AbortSignal };

export type Queue = {
  /** The job's id; undefined when a job with the same singleton key is there already. */
  enqueue(name: string, payload: object, options?: EnqueueOptions): Promise<string | undefined>;
  /**
   * Runs the jobs of that name, at most `concurrency` at a time in this process and one of a tenant. A job may run twice (its
   * first run may have died after its last step), so a handler must be safe to repeat.
   */
  work<Payload extends object>(
    name: string,
    handler: (job: QueueJob<Payload>) => Promise<void>,
    options?: { concurrency?: number },
  ): Promise<void>;
  /** Takes no new jobs and waits up to 20 s for the running ones; those it leaves are taken up again later. */
  stop(): Promise<void>;
};

export type Pace = {
  /** A worker silent for so long is dead; at least 10. It reports twice in that time that it lives. */
  heartbeatSeconds: number;
  /** How often the others look for dead ones. */
  superviseSeconds: number;
};

// A job of a killed process runs again after half a minute.
const usualPace: Pace = { heartbeatSeconds: 20, superviseSeconds: 10 };
const runSecondsMax = 4 * 60 * 60;
const stopMilliseconds = 20_000;

/** Jobs in the `queue` schema of the registry, so that they outlive every process. */
export async function openQueue(options: {
  connection: ServerConnection;
  log: Log;
  pace?: Pace;
}): Promise<Queue> {
  const { connection, log, pace = usualPace } = options;
  const boss = new PgBoss({
    ...connection,
    schema: "queue",
    application_name: "strongroom queue",
    max: 4,
    schedule: false,
    useListenNotify: true,
    superviseIntervalSeconds: pace.superviseSeconds,
    monitorIntervalSeconds: pace.superviseSeconds,
  });
  boss.on("error", (error) => log.warn({ err: error }, "The job queue cannot reach its database"));
  await boss.start();
  const known = new Map<string, Promise<unknown>>();

  const ensure = async (name: string): Promise<void> => {
    const settings = {
      heartbeatSeconds: pace.heartbeatSeconds,
      expireInSeconds: runSecondsMax,
      notify: true,
      policy: "exclusive",
    };
    const made = known.get(name) ?? boss.createQueue(name, settings);
    known.set(name, made);
    await made.catch((error: unknown) => {
      known.delete(name);
      throw error;
    });
  };

  return {
    async enqueue(name, payload, options = {}) {
      await ensure(name);
      // The queue takes one job per key, so a job that may stand beside others gets a key of its own.
      const { singletonKey = randomUUID(), startAfter, retriesMax = 3, whose } = options;
      const id = await boss.send(name, payload, {
        retryLimit: retriesMax,
        singletonKey,
        ...(startAfter === undefined ? {} : { startAfter }),
        ...(whose === undefined ? {} : await turnOf(boss, name, whose)),
      });
      return id ?? undefined;
    },
    async work(name, handler, { concurrency = 1 } = {}) {
      await ensure(name);
      // A new job wakes a worker at once; this is how soon it sees one that was given back.
      const pollSeconds = { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 };
      const options = { localConcurrency: concurrency, groupConcurrency: 1, ...pollSeconds };
      await boss.work<object>(name, options, async (jobs) => {
        for (const job of jobs)
          await runOne(name, handler as (job: QueueJob<object>) => Promise<void>, job, log);
      });
    },
    stop: () => boss.stop({ graceful: true, timeout: stopMilliseconds }),
  };
}

/**
 * Every job of the same tenant that waits already puts this one behind others' first ones, and every one of the same
 * user further, behind his colleagues' too.
 */
async function turnOf(
  boss: PgBoss,
  name: string,
  { tenant, user = 0 }: NonNullable<EnqueueOptions["whose"]>,
): Promise<{ group: { id: string; tier: string }; priority: number }> {
  const waiting = `select count(*)::int as tenants, count(*) filter (where group_tier = $3)::int as users
    from queue.job where name = $1 and group_id = $2 and state in ('created', 'retry')`;
  const { rows } = await boss.getDb().executeSql(waiting, [name, tenant, String(user)]);
  const { tenants, users } = rows[0] as { tenants: number; users: number };
  return { group: { id: tenant, tier: String(user) }, priority: -(tenants + 4 * users) };
}

async function runOne(
  name: string,
  handler: (job: QueueJob<object>) => Promise<void>,
  job: Job<object>,
  log: Log,
): Promise<void> {
  try {
    await handler({ id: job.id, payload: job.data, attempt: job.retryCount + 1, signal: job.signal });
  } catch (error) {
    log.error({ job: job.id, queue: name, err: error }, "A job failed");
    throw error;
  }
}
