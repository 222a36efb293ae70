import { join } from "node:path";

/** How many records of each module a run fills its tenant with. */
export type Size = {
  readonly name: "full" | "quick";
  readonly organisations: number;
  readonly persons: number;
  readonly opportunities: number;
  readonly activities: number;
};

const full: Size = {
  name: "full",
  organisations: 1_000_000,
  persons: 1_000_000,
  opportunities: 2_000_000,
  activities: 2_000_000,
};
const quick: Size = {
  name: "quick",
  organisations: 20_000,
  persons: 20_000,
  opportunities: 20_000,
  activities: 20_000,
};

/** How long each measurement lasts: `rounds` times `perRound` calls of one client, then `loadSeconds` of sixteen. */
export type Pace = {
  readonly rounds: number;
  readonly perRound: number;
  readonly loadSeconds: number;
  readonly importRows: number;
};

const paces: Readonly<Record<Size["name"], Pace>> = {
  full: { rounds: 5, perRound: 80, loadSeconds: 5, importRows: 100_000 },
  quick: { rounds: 2, perRound: 15, loadSeconds: 0.4, importRows: 20_000 },
};

/** Changing it makes other records, and a new fill. */
export const seed = 20_261_122;

export function sizeOf(argv: readonly string[]): { size: Size; pace: Pace } {
  const size = argv.includes("--quick") ? quick : full;
  return { size, pace: paces[size.name] };
}

/** Where everything is that is kept for the next run. */
export const benchFolder = (environment: NodeJS.ProcessEnv = process.env): string =>
  environment["STRONGROOM_BENCH_DATA"] ?? join(import.meta.dirname, ".data");

/** The kept data folder of one size. */
export const folderOf = (size: Size): string => join(benchFolder(), size.name);
