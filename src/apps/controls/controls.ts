// npm run controls: checks every control on the running system. With --json it prints an array and nothing else.
import { allControls, checkAlone, openCanary, runControl, type Result } from "#controls/index.ts";
import { standBack } from "#platform/postgres/index.ts";
import { openRunningSystem } from "./open-system.ts";
import { table, told } from "./table.ts";

if (process.argv.some((word) => word.startsWith("--only="))) standBack();
const asJson = process.argv.includes("--json");
/** One alone, for the program's own schedule. */
const only = process.argv.find((word) => word.startsWith("--only="))?.slice("--only=".length);
const results = await checkAll();
process.stdout.write(
  `${
    asJson
      ? JSON.stringify(
          results.map(({ id, state, observed }) => ({ id, state, observed })),
          undefined,
          2,
        )
      : shown(results)
  }\n`,
);
process.exit(results.every(({ state }) => state === "kept") ? 0 : 1);

async function checkAll(): Promise<Result[]> {
  const { system, close } = await openRunningSystem();
  try {
    return await checkAlone(system.tenancy.registry, async () => {
      const canary = await openCanary(system);
      const results: Result[] = [];
      // One after the other: what one asks must not be counted by another.
      for (const control of allControls.filter(({ id }) => only === undefined || id === only))
        results.push(await runControl(control, { system, canary }));
      await canary.close();
      return results;
    });
  } finally {
    await close();
  }
}

function shown(all: readonly Result[]): string {
  const rows = all.map(({ id, state, milliseconds, statement, observed }) => [
    id,
    state,
    `${milliseconds} ms`,
    `${statement}\n${" ".repeat(8)}${told(observed)}`,
  ]);
  const kept = all.filter(({ state }) => state === "kept").length;
  return `${table(["ID", "STATE", "TIME", "STATEMENT AND WHAT WAS SEEN"], rows)}\n\n${kept} of ${all.length} controls are kept.`;
}
