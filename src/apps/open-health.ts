import {
  hostHealth,
  openMetrics,
  rememberFor,
  watchHealth,
  type Backups,
  type Restarts,
} from "#hosting/index.ts";
import type { HostDoor } from "#platform/http/index.ts";
import type { Log } from "#platform/log/index.ts";
import { archives } from "#platform/postgres/index.ts";
import type { Tenancy } from "#platform/tenancy/index.ts";
import { addressesIn } from "./addresses-in.ts";
import { backupsOf } from "./cli/with-host.ts";
import { tellsAlerts } from "./tell-alert.ts";

/** Looking reads the whole backup location: who asks more often gets what was seen last. */
const rememberedMilliseconds = 10_000;
// Log that has not arrived for 60 s is told 30 s later at most; five of the 30 go by until it counts as late.
const watchSeconds = 25;

export type Health = { door: HostDoor; stop: () => Promise<void> };

/** Opens the host's door to health and metrics and watches the health, which is told to STRONGROOM_ALERT. */
export async function openHealth(options: {
  directory: string;
  tenancy: Tenancy;
  backups: Backups | undefined;
  log: Log;
  environment: NodeJS.ProcessEnv;
  instance: string;
}): Promise<Health> {
  const { directory, tenancy, backups, log, environment, instance } = options;
  const isLacking =
    backups === undefined &&
    (archives(directory) ||
      Boolean(environment["STRONGROOM_BACKUP"] || environment["STRONGROOM_PGBACKREST_STANZA"]));
  const whyNot = isLacking ? (await backupsOf(directory)).whyNot : undefined;
  const look = () => hostHealth({ directory, tenancy, backups, whyNot }, new Date());
  const metrics = openMetrics(
    rememberFor(rememberedMilliseconds, look),
    () => new Date(),
    restartsOf(environment),
  );
  const seconds = Number(environment["STRONGROOM_WATCH_SECONDS"]) || watchSeconds;
  const watch = watchHealth(look, tellsAlerts(log, environment["STRONGROOM_ALERT"]), { seconds, log });
  return {
    door: {
      instance,
      notReady: tenancy.notReady,
      metrics: metrics.text,
      metricsFrom: addressesIn("STRONGROOM_METRICS_FROM", environment),
      answered: metrics.answered,
    },
    stop: watch.stop,
  };
}

/** As `bin/watch-program.mjs` tells it. */
const restartsOf = (environment: NodeJS.ProcessEnv): Restarts =>
  JSON.parse(environment["STRONGROOM_RESTARTS"] ?? "{}") as Restarts;
