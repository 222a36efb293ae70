import { setTimeout as delay } from "node:timers/promises";
import type { RestoreReport } from "#hosting/index.ts";
import type { RunningHost } from "../running-host.ts";
import { strongroom } from "./command.ts";
import { differences, type Moment, type Salesman } from "./salesman.ts";
import type { Steps } from "./steps.ts";

/** The tenants nobody wrote to during the load have all they had. */
export async function proveOthers(steps: Steps, host: RunningHost, people: Salesman[]): Promise<void> {
  const [, ...others] = people;
  await steps.take(
    "look at the other tenants of the recovered server",
    async () => {
      let different = 0;
      for (const person of people) await person.signIn(host);
      for (const person of others)
        different += differences((await person.moment()).names, await person.names());
      return different;
    },
    (different) => ({ ok: different === 0, seen: `${others.length} tenants, ${different} rows otherwise` }),
  );
}

/** Restores the first tenant by the host's own command while another one is asked all the time. */
export async function restoreTo(
  steps: Steps,
  host: RunningHost,
  people: Salesman[],
  { what, moment }: { what: string; moment: Moment },
): Promise<void> {
  const [person, neighbour] = people;
  await steps.take(
    `restore one tenant to the moment ${what}`,
    async () => {
      const asked = neighbour === undefined ? undefined : askAllTheTime(neighbour);
      const to = moment.at.toISOString();
      const report = await strongroom<RestoreReport>(host.directory, "restore", person!.key, "--to", to);
      const others = await asked?.stop();
      await person!.signIn();
      return { report, others, different: differences(moment.names, await person!.names()) };
    },
    ({ report, others, different }) => ({
      ok: different === 0 && (others?.failed ?? 0) === 0,
      seen: [
        `${moment.names.length} organisations as they were, ${different} otherwise`,
        `${report.copied.rows} rows of ${report.copied.tables} tables compared`,
        others === undefined
          ? "no neighbour"
          : `neighbour asked ${others.asked} times, ${others.failed} failed`,
      ].join("; "),
    }),
  );
}

const pauseMilliseconds = 20;

function askAllTheTime(person: Salesman) {
  const count = { asked: 0, failed: 0 };
  const stopping = new AbortController();
  const asking = (async () => {
    while (!stopping.signal.aborted) {
      count.asked++;
      await person.names().catch(() => count.failed++);
      await delay(pauseMilliseconds);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await asking;
      return count;
    },
  };
}
