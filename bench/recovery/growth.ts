import { setTimeout as delay } from "node:timers/promises";
import { percentile, rounded, type Results } from "../results.ts";
import { withBackedUp, type BackedUp } from "./backed-up.ts";
import { oneAmongTwenty, restore } from "./one-tenant.ts";
import type { Part } from "./part.ts";
import { addDatabases, databaseSizes, largestName, templateName } from "./sizes.store.ts";
import { tenantKey, tenantsFolder, withCopy } from "./tenants-folder.ts";

const small = 2;

type Seen = { gigabytes: number; databases: number; seconds: number };

/**
 * The same small tenant restored as the server around it grows: first by bytes, in a few large databases, then by
 * databases, as new tenants have them.
 */
export async function measureGrowth(part: Part): Promise<Results> {
  const { folder } = await tenantsFolder(oneAmongTwenty(part.quick), part.say);
  return withCopy(folder, (copy) => withBackedUp(copy, (backedUp) => grow(backedUp, part)));
}

async function grow(backedUp: BackedUp, { quick, say }: Part): Promise<Results> {
  const moreDatabases = quick ? 10 : 100;
  const look = async (what: string): Promise<Seen> => {
    const seen = await restoreRepeatedly(backedUp, quick ? 1 : 3);
    say(`restored ${what}: ${JSON.stringify(seen)}`);
    return seen;
  };
  const first = await look("as it is");
  await addDatabases(backedUp, await largestName(backedUp), 2);
  const larger = await look("among more bytes");
  await addDatabases(backedUp, await templateName(backedUp), moreDatabases);
  const more = await look("among more databases");
  return {
    "recovery.growth.seconds": first.seconds,
    "recovery.growth.serverGigabytes": first.gigabytes,
    "recovery.growth.databases": first.databases,
    "recovery.growth.largerGigabytes": larger.gigabytes,
    "recovery.growth.secondsPerGigabyte": rounded(
      (larger.seconds - first.seconds) / (larger.gigabytes - first.gigabytes),
    ),
    "recovery.growth.moreDatabases": more.databases,
    "recovery.growth.secondsPer100Databases": rounded(
      (100 * (more.seconds - larger.seconds)) / (more.databases - larger.databases),
    ),
  };
}

/** From a base backup of the server as it is now, so that hardly any log is replayed; the middle of several. */
async function restoreRepeatedly(backedUp: BackedUp, times: number): Promise<Seen> {
  await backedUp.command(["backup", "now"]);
  // The moment must lie a second after the backup's end, else an older one is the surer base.
  await delay(2_000);
  const seconds: number[] = [];
  for (let time = 0; time < times; time++)
    seconds.push((await restore(backedUp, tenantKey(small), new Date(Date.now() - 500))).seconds);
  const { all, count } = await databaseSizes(backedUp);
  return { gigabytes: rounded(all), databases: count, seconds: rounded(percentile(seconds, 50)) };
}
