import { parseArgs } from "node:util";

export type DrillOptions = { tenants: number; rows: number; seconds: number };

const usage = `Usage: npm run drill -- [--tenants 3] [--rows 400] [--seconds 55]
  --tenants   how many are made
  --rows      organisations each is loaded with
  --seconds   how long is written before everything is destroyed; the log is archived every 50`;

/** Throws with the usage when they are not understood. */
export function drillOptions(args: string[]): DrillOptions {
  const number = (fallback: number) => ({ type: "string", default: String(fallback) }) as const;
  const { values } = parseArgs({
    args,
    options: { tenants: number(3), rows: number(400), seconds: number(55) },
  });
  const { tenants, rows, seconds } = Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, Number(text)]),
  ) as DrillOptions;
  const isSound = [tenants, rows, seconds].every((each) => Number.isInteger(each) && each > 0);
  if (!isSound || rows < 10) throw new Error(usage);
  return { tenants, rows, seconds };
}
