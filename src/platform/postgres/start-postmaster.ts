import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../log/index.ts";
import type { Cluster } from "./cluster.ts";
import { withClient, type ServerConnection } from "./connection.ts";
import { isDatabaseAway } from "./failures.ts";
import {
  findPostmaster,
  isPostmasterOf,
  launchComplaint,
  launchPostmaster,
  type Postmaster,
} from "./postmaster.ts";
import { SetupError } from "./setup-error.ts";

const retrySecondsMax = 60;
const tellMilliseconds = 10_000;

// After the first process was killed the others need a moment to notice; until then a new one may not start.
const passing = /pre-existing shared memory block|lock file "[^"]*" already exists/;

/** Starts the server. Waits for the remains of a killed one to go. Throws SetupError with the server's own words. */
export async function startPostmaster(cluster: Cluster): Promise<Postmaster> {
  const deadline = Date.now() + retrySecondsMax * 1_000;
  for (;;) {
    const postmaster = await launch(cluster);
    if (postmaster) return postmaster;
    const complaint = await launchComplaint(cluster);
    if (!passing.test(complaint) || Date.now() > deadline) {
      throw new SetupError(`The database server did not start: ${complaint || "it said nothing."}`);
    }
    await delay(200);
  }
}

async function launch(cluster: Cluster): Promise<Postmaster | undefined> {
  const ended = new AbortController();
  const deadline = Date.now() + retrySecondsMax * 1_000;
  await launchPostmaster(cluster, () => ended.abort());
  while (!ended.signal.aborted && Date.now() < deadline) {
    const postmaster = await findPostmaster(cluster.folder);
    if (postmaster) return postmaster;
    await delay(20);
  }
  return undefined;
}

/** Returns when the server takes connections. After a crash it may first replay minutes of its write-ahead log. */
export async function waitUntilReady(
  connection: ServerConnection,
  cluster: Cluster,
  postmaster: Postmaster,
  log: Log,
): Promise<void> {
  let toldAt = Date.now();
  for (;;) {
    try {
      return await withClient(connection, async (client) => void (await client.query("SELECT 1")));
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      if (!(await isPostmasterOf(postmaster.pid, cluster.folder)))
        throw stopped(await launchComplaint(cluster));
      if (Date.now() - toldAt > tellMilliseconds) {
        log.info("The database server recovers, or does not answer");
        toldAt = Date.now();
      }
    }
    await delay(50);
  }
}

function stopped(complaint: string): SetupError {
  return new SetupError(`The database server stopped while it started: ${complaint}`);
}
