import { keepRecovery } from "../report.ts";
import type { Results } from "../results.ts";
import { measureBase } from "./base.ts";
import { measureExactness } from "./exactness.ts";
import { runFromCopy } from "./from-copy.ts";
import { measureFloor } from "./floor.ts";
import { measureGrowth } from "./growth.ts";
import { measureLosses } from "./losses.ts";
import { measureMany } from "./many.ts";
import { measureOneTenant } from "./one-tenant.ts";
import type { Part } from "./part.ts";

const words = process.argv.slice(2);

/** Each part alone by its name on the command line; what was not measured keeps its numbers. */
const parts: Readonly<Record<string, (part: Part) => Promise<Results>>> = {
  losses: measureLosses,
  exactness: measureExactness,
  tenant: measureOneTenant,
  floor: measureFloor,
  growth: measureGrowth,
  base: measureBase,
  many: measureMany,
};

if (process.env["STRONGROOM_BENCH_RESULTS"] === undefined) process.exitCode = await runFromCopy(words);
else await measure();

async function measure(): Promise<void> {
  const quick = words.includes("--quick");
  const wanted = words.filter((each) => !each.startsWith("--"));
  const unknown = wanted.find((each) => !(each in parts));
  if (unknown !== undefined)
    throw new Error(`There is no part "${unknown}"; there are ${Object.keys(parts).join(", ")}.`);
  const from = performance.now();
  const say = (text: string) =>
    process.stdout.write(`${((performance.now() - from) / 1000).toFixed(1).padStart(7)} s  ${text}\n`);
  const keep = quick ? async () => undefined : keepRecovery;
  for (const [name, part] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    say(`${name} …`);
    const results = await part({ quick, say, keep });
    say(JSON.stringify(results));
    await keep(results);
  }
}
