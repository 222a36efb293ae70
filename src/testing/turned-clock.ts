import { openLog } from "#platform/log/index.ts";
import { archiveSettings } from "#platform/postgres/archive.ts";
import { prepareCluster } from "#platform/postgres/cluster.ts";
import { connectionTo } from "#platform/postgres/embedded-server.ts";
import { shutDown } from "#platform/postgres/postmaster.ts";
import { settingsForThisMachine } from "#platform/postgres/settings.ts";
import { startPostmaster, waitUntilReady } from "#platform/postgres/start-postmaster.ts";
import { findFakeTime } from "../../bin/fake-time.mjs";

/** A server whose clock is ahead of the machine's by what a file says ("+3600s"), read anew at every look. */
export type TurnedServer = { stop(): Promise<void> };

/** Starts the server of a data folder that no program runs on. */
export async function underClock(directory: string, file: string): Promise<TurnedServer> {
  const cluster = await prepareCluster(directory, {
    ...settingsForThisMachine(),
    ...archiveSettings(directory),
    shared_buffers: "64MB",
  });
  const { unprivileged } = cluster;
  const clock = [
    `LD_PRELOAD=${findFakeTime()}`,
    `FAKETIME_TIMESTAMP_FILE=${file}`,
    "FAKETIME_NO_CACHE=1",
    "DONT_FAKE_MONOTONIC=1",
  ];
  const postmaster = await startPostmaster({
    ...cluster,
    unprivileged: {
      ...unprivileged,
      wrap: (program, args, as) => unprivileged.wrap("/usr/bin/env", [...clock, program, ...args], as),
    },
  });
  await waitUntilReady(connectionTo(cluster, postmaster), cluster, postmaster, openLog({ level: "silent" }));
  return { stop: () => shutDown(postmaster.pid, cluster.folder) };
}
