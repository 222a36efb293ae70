import { shipEverything } from "#hosting/index.ts";
import { choreDue } from "#hosting/restore/schedule.ts";
import { residentMegabytes } from "../app.ts";
import { percentile, rounded, type Results } from "../results.ts";
import { administrator } from "./asking.ts";
import { nothingDue, withBackedUp, type BackedUp } from "./backed-up.ts";
import { visitWithinAMinute } from "./many-visits.ts";
import type { Part } from "./part.ts";
import { databaseSizes } from "./sizes.store.ts";
import { tenantKey, tenantsFolder } from "./tenants-folder.ts";

/** The schedule looks once a minute for what is due, and does one thing at a time. */
const lookSeconds = 60;

type Sizes = { tenants: number; cold: number; busy: number; busySeconds: number; drills: number };

/** Many small tenants on one embedded server: what they cost while idle, at a first sign-in, in connections, in drills. */
export async function measureMany({ quick, say, keep }: Part): Promise<Results> {
  const sizes: Sizes = quick
    ? { tenants: 12, cold: 4, busy: 8, busySeconds: 5, drills: 1 }
    : { tenants: 300, cold: 50, busy: 100, busySeconds: 60, drills: 5 };
  const { folder, password } = await tenantsFolder([{ tenants: sizes.tenants, records: 20 }], say);
  return withBackedUp(folder, async (backedUp) => {
    const { all } = await databaseSizes(backedUp);
    const first = { "recovery.many.tenants": sizes.tenants, "recovery.many.serverGigabytes": rounded(all) };
    const cold = await signInCold(backedUp, password, sizes.cold);
    say(`cold sign-ins: ${JSON.stringify(cold)}`);
    // Other tenants than those, so that these are cold too.
    const from = sizes.tenants - sizes.busy + 1;
    const visits = await visitWithinAMinute(backedUp, { password, from, ...sizes });
    say(`visits: ${JSON.stringify(visits)}`);
    const idle = { "recovery.many.idleMegabytes": Math.round(await residentMegabytes(backedUp.host.pid)) };
    say(`idle: ${JSON.stringify(idle)}`);
    await keep({ ...first, ...cold, ...visits, ...idle });
    const drills = await drill(backedUp, sizes, say);
    return { ...first, ...cold, ...visits, ...idle, ...drills };
  });
}

/** Nobody of these tenants has asked anything since the program started. */
async function signInCold({ host }: BackedUp, password: string, count: number): Promise<Results> {
  const times: number[] = [];
  for (let number = 1; number <= count; number++) {
    const from = performance.now();
    await host.signIn(tenantKey(number), administrator, password);
    times.push(performance.now() - from);
  }
  return {
    "recovery.many.coldSignIns": count,
    "recovery.many.coldSignInP50Ms": rounded(percentile(times, 50)),
    "recovery.many.coldSignInP99Ms": rounded(percentile(times, 99)),
  };
}

/** By the schedule's own command, standing back as there, of one tenant after the other. */
async function drill(
  { command, directory, backups, server }: BackedUp,
  { tenants, drills }: Sizes,
  say: (text: string) => void,
): Promise<Results> {
  const began = performance.now();
  await command(["backup", "now"]);
  const baseSeconds = (performance.now() - began) / 1000;
  // So that there is a span of moments to choose from.
  await shipEverything(backups.location, server);
  say(`base backup in ${baseSeconds.toFixed(1)} s`);
  const seconds: number[] = [];
  for (let number = 1; number <= drills; number++) {
    const from = performance.now();
    const report = await command(["backup", "drill", tenantKey(number * 2), "--json"]);
    seconds.push((performance.now() - from) / 1000);
    await nothingDue(directory);
    say(`drill: ${seconds.at(-1)?.toFixed(1)} s, ${JSON.stringify(JSON.parse(report).seconds)}`);
  }
  const mean = seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
  return {
    "recovery.many.baseSeconds": rounded(baseSeconds),
    "recovery.many.drills": drills,
    "recovery.many.drillSeconds": rounded(mean),
    "recovery.many.drillHours": rounded((tenants * (mean + lookSeconds)) / 3600),
    "recovery.many.quietHours": quietHoursOfAWeek(),
  };
}

/** The hours at which the schedule begins a drill of a tenant whose last one is five days ago. */
function quietHoursOfAWeek(): number {
  const hour = 3_600_000;
  const from = Date.UTC(2026, 0, 5);
  return Array.from({ length: 7 * 24 }, (_, index) => new Date(from + index * hour)).filter((now) => {
    const ago = (days: number) => new Date(now.getTime() - days * 24 * hour);
    const done = { at: now.toISOString(), ok: true, words: "" };
    const notes = { check: done, purge: done };
    return (
      choreDue(
        { notes, newest: { full: now, some: true }, oldestDrill: { last: ago(5.5) }, tenants: 1 },
        now,
      ) === "drill"
    );
  }).length;
}
