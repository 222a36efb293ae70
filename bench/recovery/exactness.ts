import { join } from "node:path";
import { endSegment } from "#hosting/backup/base-backup.store.ts";
import { makeBaseBackup } from "#hosting/backup/base-backup.ts";
import { readCatalog } from "#hosting/backup/catalog.ts";
import { waitForSegment } from "#hosting/backup/wait-for-segment.ts";
import { recoverTo, scratchSettings } from "#hosting/restore/recover-to.ts";
import { withClient } from "#platform/postgres/index.ts";
import { openBackedUpHost } from "#testing/backed-up-host.ts";
import { percentile, rounded, type Results } from "../results.ts";

const commits = 2_000;

/**
 * Thousands of commits a few milliseconds apart; then one recovery for each of many whole milliseconds that lie between
 * two of them: the one before must be the last that is in.
 */
export async function measureExactness(tries: number, say: (text: string) => void): Promise<Results> {
  const host = await openBackedUpHost();
  try {
    const tenant = await host.tenancy.createTenant({ key: "exact", name: "Exact" });
    await makeBaseBackup(host.backups, host.server.connection, new Date());
    const database = { ...host.server.connection, database: tenant.databaseName };
    const times = await withClient(database, async (client) => {
      await client.query("CREATE TABLE public.noted (number int PRIMARY KEY)");
      for (let number = 0; number < commits; number++)
        await client.query("INSERT INTO public.noted VALUES ($1)", [number]);
      const { rows } = await client.query(
        "SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 * 1000 AS at FROM public.noted ORDER BY number",
      );
      return rows.map(({ at }) => Number(at));
    });
    await waitForSegment(host.backups.location, await endSegment(host.server.connection));
    const { location, keyring } = host.backups;
    const catalog = await readCatalog(location, keyring);
    const between = times.flatMap((time, number) => {
      const target = Math.floor(times[number + 1] ?? 0);
      return target > time && target < (times[number + 1] ?? 0) ? [{ number, target }] : [];
    });
    const seconds: number[] = [];
    let exact = 0;
    for (let attempt = 0; attempt < tries; attempt++) {
      const { number, target } = between[Math.floor(Math.random() * between.length)]!;
      const from = performance.now();
      const recovered = await recoverTo({
        source: { location, keyring },
        catalog,
        target: new Date(target),
        wanted: (name) => name === tenant.databaseName,
        directory: join(host.directory, `scratch/${attempt}`),
        settings: scratchSettings,
      });
      const last = await withClient({ ...recovered.connection, database: tenant.databaseName }, (client) =>
        client.query("SELECT max(number) AS last, count(*)::int AS count FROM public.noted"),
      ).finally(() => recovered.stop());
      seconds.push((performance.now() - from) / 1000);
      const isExact = last.rows[0].last === number && last.rows[0].count === number + 1;
      if (isExact) exact++;
      if (!isExact || attempt % 10 === 9) say(`${attempt + 1} tries, ${exact} exact`);
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
