import { openBackups } from "#hosting/index.ts";
import { openLog } from "#platform/log/index.ts";
import { joinServer } from "#platform/postgres/index.ts";
import { loseServer } from "../lost-server.ts";
import type { RunningHost } from "../running-host.ts";
import { strongroom } from "./command.ts";
import type { Salesman } from "./salesman.ts";
import type { Steps } from "./steps.ts";

type Plan = {
  host: RunningHost;
  people: Salesman[];
  seconds: number;
  from: string;
  sheet: string;
  directory: string;
  environment: NodeJS.ProcessEnv;
};

/** What may be lost at most. */
const secondsMax = 60;

/** Destroys everything under load, recovers by the host's own command, and says what it cost. */
export async function loseAndRecover(steps: Steps, plan: Plan): Promise<RunningHost> {
  await shipAll(plan.host.directory);
  const { host, people, seconds, from, sheet, directory, environment } = plan;
  const [first] = people;
  const { host: next } = await steps.take(
    `write for ${seconds} s, kill everything, delete the data, strongroom recover, start`,
    () =>
      loseServer(host, {
        tenant: first!.key,
        password: first!.password,
        writers: 2,
        afterSeconds: seconds,
        from,
        sheet,
        directory,
        environment,
        recover: (wanted) =>
          strongroom(wanted.directory, "recover", "--from", wanted.from, "--key", wanted.sheet),
      }),
    ({ loss }) => ({
      ok: loss.missingBeforeArchived === 0 && loss.secondsLost <= secondsMax && loss.acknowledged > 0,
      seen: [
        `${loss.acknowledged} acknowledged meanwhile, ${loss.missing} lost`,
        `${loss.missingBeforeArchived} of them from before the last archived second`,
        `the last ${loss.secondsLost.toFixed(1)} s are lost`,
        `recovered in ${loss.recoverySeconds.toFixed(1)} s`,
      ].join("; "),
    }),
  );
  return next;
}

// What was done before the load is compared to the last row later, so all of it must be archived.
async function shipAll(directory: string): Promise<void> {
  const server = await joinServer({ directory, log: openLog({ level: "silent" }) });
  const backups = await openBackups(directory, {}, new Date());
  if (backups === undefined) throw new Error(`${directory} has no backups`);
  await backups.archiveAll(server.connection);
}
