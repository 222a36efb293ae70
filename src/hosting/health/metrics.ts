import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { HostHealth } from "./host-health.ts";

export type Metrics = {
  answered(status: number, seconds: number): void;
  /** In Prometheus' text format. Names no person, no tenant and no host name. */
  text(): Promise<string>;
};

const restartReasons = ["killed", "out_of_memory", "crashed", "failed"] as const;
/** How often the program was started again, by what it died of. */
export type Restarts = { readonly [reason in (typeof restartReasons)[number]]?: number };

/** Counts answers as they come, and looks at the rest when it is asked. */
export function openMetrics(
  look: () => Promise<HostHealth>,
  now: () => Date,
  restarts: Restarts = {},
): Metrics {
  const lasting = new Registry();
  const durations = new Histogram({
    name: "strongroom_http_request_seconds",
    help: "Answers and how long they took, by class of status; streams are not counted",
    labelNames: ["status"],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 1, 5, 30],
    registers: [lasting],
  });
  const restarted = new Counter({
    name: "strongroom_restarts_total",
    help: "Times the program died and was started again, since it was started by hand",
    labelNames: ["reason"],
    registers: [lasting],
  });
  for (const reason of restartReasons) restarted.inc({ reason }, restarts[reason] ?? 0);
  const errors = new Counter({
    name: "strongroom_errors_total",
    help: "Requests that failed by a fault of the program",
    registers: [lasting],
  });
  return {
    answered(status, seconds) {
      durations.observe({ status: `${Math.floor(status / 100)}xx` }, seconds);
      if (status === 500) errors.inc();
    },
    async text() {
      const health = await look();
      return `${await lasting.metrics()}\n${await gaugesOf(health, now()).metrics()}`;
    },
  };
}

type Measure = { name: string; help: string; values: [value: number | undefined, labels?: Labels][] };
type Labels = Record<string, string>;

/** What is not known now is absent rather than an old number. */
function gaugesOf(health: HostHealth, now: Date): Registry {
  const registry = new Registry();
  const measures = [
    ...hostMeasures(health),
    ...databaseMeasures(health, now),
    ...backupMeasures(health, now),
  ];
  for (const { name, help, values } of measures) {
    const known = values.filter(([value]) => value !== undefined);
    if (known.length === 0) continue;
    const labelNames = Object.keys(known[0]?.[1] ?? {});
    const gauge = new Gauge({ name: `strongroom_${name}`, help, labelNames, registers: [registry] });
    for (const [value, labels = {}] of known) gauge.set(labels, value ?? 0);
  }
  return registry;
}

function hostMeasures({ database, rooms, problems }: HostHealth): Measure[] {
  const disk = (of: "freeBytes" | "sizeBytes"): Measure["values"] => [
    [rooms.data[of], { disk: "data" }],
    [rooms.backups?.[of], { disk: "backups" }],
  ];
  return [
    { name: "database_up", help: "1 when the database answers", values: [[database === undefined ? 0 : 1]] },
    { name: "memory_bytes", help: "Memory of this program", values: [[process.memoryUsage.rss()]] },
    { name: "disk_free_bytes", help: "Free room of a disk", values: disk("freeBytes") },
    { name: "disk_size_bytes", help: "Size of a disk", values: disk("sizeBytes") },
    {
      name: "problem",
      help: "1 for each problem there is now; see strongroom status",
      values: problems.map(({ code }) => [1, { code }]),
    },
  ];
}

function databaseMeasures({ database }: HostHealth, now: Date): Measure[] {
  if (database === undefined) return [];
  const { tenants, connections, jobs, drills, controls } = database;
  const byState = (counts: Record<string, number>): Measure["values"] =>
    Object.entries(counts).map(([state, count]) => [count, { state }]);
  return [
    { name: "tenants", help: "Tenants by state", values: byState(tenants) },
    { name: "database_connections", help: "Connections that are taken", values: [[connections.used]] },
    { name: "database_connections_max", help: "Connections there may be", values: [[connections.max]] },
    { name: "jobs", help: "Jobs by state, failed ones for as long as they are kept", values: byState(jobs) },
    {
      name: "controls",
      help: "Controls by what their last check saw",
      values: byState({
        kept: controls.kept,
        broken: controls.broken.length,
        unknown: controls.unknown.length,
      }),
    },
    {
      name: "drill_oldest_seconds",
      help: "Age of the last good drill of the tenant whose is oldest",
      values: [[secondsSince(drills.oldest, now)]],
    },
    { name: "drills_failed", help: "Tenants whose last drill failed", values: [[drills.failed.length]] },
    {
      name: "drills_overdue",
      help: "Tenants not drilled for seven days",
      values: [[drills.overdue.length]],
    },
  ];
}

function backupMeasures({ backups }: HostHealth, now: Date): Measure[] {
  if (backups === undefined) return [];
  const { bases, window, shipping, storedBytes } = backups;
  const newest = bases.findLast(({ restorable }) => restorable)?.stoppedAt;
  const { earliest, latest } = window;
  const span = latest === undefined ? undefined : secondsSince(earliest, new Date(latest));
  return [
    {
      name: "base_backup_age_seconds",
      help: "Age of the newest whole base backup",
      values: [[secondsSince(newest, now)]],
    },
    {
      name: "archive_lag_seconds",
      help: "Age of the last moment that can be restored: what would be lost now",
      values: [[secondsSince(latest, now)]],
    },
    {
      name: "archive_waiting_bytes",
      help: "Log that waits to be archived",
      values: [[shipping.waitingBytes]],
    },
    {
      name: "restore_window_seconds",
      help: "From the first moment that can be restored to the last",
      values: [[span]],
    },
    {
      name: "restore_gaps",
      help: "Spans within it that cannot be restored",
      values: [[window.gaps.length]],
    },
    { name: "backup_stored_bytes", help: "Size of all backups", values: [[storedBytes]] },
    ...copyMeasures(backups),
  ];
}

function copyMeasures({ copy }: NonNullable<HostHealth["backups"]>): Measure[] {
  if (copy === undefined) return [];
  const { away, waiting, differing, lost } = copy;
  const told = (value: number): Measure["values"] => (away === undefined ? [[value]] : []);
  return [
    {
      name: "backup_copy_up",
      help: "1 when the second location of the backups answers",
      values: [[away === undefined ? 1 : 0]],
    },
    {
      name: "backup_copy_waiting_bytes",
      help: "Backups that wait to be copied",
      values: told(waiting.bytes),
    },
    {
      name: "backup_copy_waiting_files",
      help: "Files of the backups that wait to be copied",
      values: told(waiting.files),
    },
    {
      name: "backup_copy_unlike",
      help: "Files that differ between the two locations or are in the second alone",
      values: told(differing.length + lost.length),
    },
  ];
}

const secondsSince = (at: string | undefined, now: Date): number | undefined =>
  at === undefined ? undefined : (now.getTime() - Date.parse(at)) / 1_000;
