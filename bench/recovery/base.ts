import { setTimeout as delay } from "node:timers/promises";
import { shipEverything } from "#hosting/index.ts";
import { rounded, type Results } from "../results.ts";
import { compareAsked, openAsking } from "./asking.ts";
import { withBackedUp, type BackedUp } from "./backed-up.ts";
import type { Part } from "./part.ts";
import { databaseSizes, walBytes } from "./sizes.store.ts";
import { tenantsFolder } from "./tenants-folder.ts";

const beforeSeconds = 60;
/** Whose people work meanwhile. */
const asking = [2, 3];

/** A base backup of some large tenants, made as the schedule makes it, while people of two of them work. */
export async function measureBase({ quick, say }: Part): Promise<Results> {
  const { folder, password } = await tenantsFolder([{ tenants: 5, records: quick ? 2_000 : 95_000 }], say);
  return withBackedUp(folder, async (backedUp) => {
    const sizes = await databaseSizes(backedUp);
    const people = await openAsking(backedUp.host, password, asking);
    await people.during(delay(2_000));
    const logBefore = await logOf(backedUp);
    const before = await people.during(delay((quick ? 5 : beforeSeconds) * 1000));
    const from = performance.now();
    const made = backedUp.command(["backup", "now"]);
    const during = await people.during(made);
    const seconds = (performance.now() - from) / 1000;
    say(await made);
    const logAfter = await logOf(backedUp);
    const [written, archived] = [
      logAfter.written - logBefore.written,
      logAfter.archived - logBefore.archived,
    ];
    return {
      "recovery.base.gigabytes": rounded(sizes.all),
      "recovery.base.seconds": rounded(seconds),
      "recovery.base.storedGigabytes": rounded((await storedBytes(backedUp, "base")) / 1024 ** 3),
      ...compareAsked("recovery.base.requests", before, during),
      "recovery.base.logMegabytes": rounded(written / 1024 ** 2),
      "recovery.base.archivedPercent": rounded((100 * archived) / written),
    };
  });
}

/** Bytes of log written and archived up to now. */
async function logOf(backedUp: BackedUp): Promise<{ written: number; archived: number }> {
  await shipEverything(backedUp.backups.location, backedUp.server);
  return { written: await walBytes(backedUp), archived: await storedBytes(backedUp, "wal") };
}

async function storedBytes({ backups }: BackedUp, folder: string): Promise<number> {
  const files = await backups.location.list(folder);
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
