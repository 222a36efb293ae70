// npm run controls: checks every control on the running system. With --json it prints an array and nothing else.
import { allControls, openCanary, runControl, type Result } from "#controls/index.ts";
import { openRunningSystem } from "./open-system.ts";
import { table, told } from "./table.ts";

const asJson = process.argv.includes("--json");
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
    const canary = await openCanary(system);
    const results: Result[] = [];
    // One after the other: what one asks must not be counted by another.
    for (const control of allControls) results.push(await runControl(control, { system, canary }));
    await canary.close();
    return results;
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
