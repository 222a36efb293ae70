import { rm } from "node:fs/promises";
import { join } from "node:path";
import { endSegment } from "#hosting/backup/base-backup.store.ts";
import { makeBaseBackup } from "#hosting/backup/base-backup.ts";
import { readCatalog } from "#hosting/backup/catalog.ts";
import { waitForSegment } from "#hosting/backup/wait-for-segment.ts";
import { recoverTo, scratchSettings } from "#hosting/restore/recover-to.ts";
import { withClient, type ServerConnection } from "#platform/postgres/index.ts";
import { openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { percentile, rounded, type Results } from "../results.ts";
import type { Part } from "./part.ts";

const commits = 2_000;

/**
 * Thousands of commits a few milliseconds apart; then one recovery for each of many whole milliseconds that lie between
 * two of them: the one before must be the last that is in, the one after it must not be.
 */
export async function measureExactness({ quick, say }: Part): Promise<Results> {
  const tries = quick ? 3 : 100;
  const host = await openBackedUpHost();
  try {
    const { databaseName } = await host.tenancy.createTenant({ key: "exact", name: "Exact" });
    await makeBaseBackup(host.backups, host.server.connection, new Date());
    const times = await commitMany({ ...host.server.connection, database: databaseName });
    await waitForSegment(host.backups.location, await endSegment(host.server.connection));
    const between = times.flatMap((time, number) => {
      const following = times[number + 1] ?? 0;
      const target = Math.floor(following);
      return target > time && target < following ? [{ number, time, target }] : [];
    });
    const recover = await openRecovery(host, databaseName);
    const seconds: number[] = [];
    let exact = 0;
    for (let attempt = 1; attempt <= tries; attempt++) {
      const { number, time, target } = between[Math.floor(Math.random() * between.length)]!;
      const from = performance.now();
      const { last, count, named } = await recover(new Date(target));
      seconds.push((performance.now() - from) / 1000);
      // Named is the last commit of anybody, so it may be one of the server's own between the two.
      const isExact = last === number && count === number + 1 && named >= Math.floor(time) && named <= target;
      if (isExact) exact++;
      else say(`not exact: wanted ${number} at ${time}, found ${last} of ${count}, named ${named}`);
      if (attempt % 10 === 0) say(`${attempt} tries, ${exact} exact`);
    }
    return {
      "recovery.exactness.tries": tries,
      "recovery.exactness.exact": exact,
      "recovery.exactness.p50Seconds": rounded(percentile(seconds, 50)),
    };
  } finally {
    await host.close();
  }
}

/** One row each; answers the milliseconds at which they were committed. */
function commitMany(database: ServerConnection): Promise<number[]> {
  return withClient(database, async (client) => {
    await client.query("CREATE TABLE public.noted (number int PRIMARY KEY)");
    for (let number = 0; number < commits; number++)
      await client.query("INSERT INTO public.noted VALUES ($1)", [number]);
    const { rows } = await client.query<{ at: number }>(
      "SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 * 1000 AS at FROM public.noted ORDER BY number",
    );
    return rows.map(({ at }) => at);
  });
}

/** A server of its own for each moment, as a restore makes it. */
async function openRecovery({ backups, directory }: BackedUpHost, databaseName: string) {
  const { location, keyring } = backups;
  const catalog = await readCatalog(location, keyring);
  const scratch = join(directory, "scratch");
  return async (target: Date) => {
    const server = await recoverTo({
      source: { location, keyring },
      catalog,
      target,
      wanted: (name) => name === databaseName,
      directory: scratch,
      settings: scratchSettings,
    });
    try {
      const { rows } = await withClient({ ...server.connection, database: databaseName }, (client) =>
        client.query<{ last: number; count: number }>(
          "SELECT max(number) AS last, count(*)::int AS count FROM public.noted",
        ),
      );
      return { ...rows[0]!, named: Date.parse(server.reached.lastCommit ?? "") };
    } finally {
      await server.stop();
      await rm(scratch, { recursive: true, force: true });
    }
  };
}
