import { keepRecovery } from "../report.ts";
import type { Results } from "../results.ts";
import { measureExactness } from "./exactness.ts";
import { measureLosses } from "./losses.ts";
import { measureOneTenant } from "./one-tenant.ts";

const quick = process.argv.includes("--quick");
const from = performance.now();
const say = (text: string) =>
  process.stdout.write(`${((performance.now() - from) / 1000).toFixed(1).padStart(7)} s  ${text}\n`);

/** Each part alone by its name on the command line; what was not measured keeps its numbers. */
const parts: Readonly<Record<string, () => Promise<Results>>> = {
  losses: () => measureLosses(quick ? 2 : 20, say),
  exactness: () => measureExactness(quick ? 3 : 100, say),
  tenant: () => measureOneTenant(quick ? { big: 5_000, small: 500 } : { big: 95_000, small: 5_000 }, say),
};

const wanted = process.argv.slice(2).filter((each) => !each.startsWith("--"));
for (const [name, part] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  say(`${name} …`);
  const results = await part();
  say(JSON.stringify(results));
  if (!quick) await keepRecovery(results);
}
