// npm run faults: breaks every control on purpose, on a system of its own, and shows that its check sees it.
import { breakingOrder, openCanary, tryFault, type Trial } from "#controls/index.ts";
import { openThrowaway } from "./open-system.ts";
import { table, told } from "./table.ts";

const trials = await tryAll();
const rows = trials.map(({ id, fault, caught, broken, mended }) => [
  id,
  caught ? "caught" : broken.state === "unknown" ? "UNKNOWN" : "MISSED",
  `${broken.state}, then ${mended.state}`,
  // Of a fault that was seen but not gone after it was mended, what is still wrong.
  `${fault}\n${" ".repeat(8)}${told(!caught && broken.state === "broken" ? mended.observed : broken.observed)}`,
]);
const missed = trials.filter(({ caught }) => !caught).length;
process.stdout.write(
  `${table(["ID", "FAULT", "THE CHECK SAID", "WHAT WAS BROKEN AND WHAT WAS SEEN"], rows)}\n\n${trials.length - missed} of ${trials.length} faults were caught.\n`,
);
process.exit(missed === 0 ? 0 : 1);

async function tryAll(): Promise<Trial[]> {
  const { system, close } = await openThrowaway();
  try {
    const canary = await openCanary(system);
    const trials: Trial[] = [];
    for (const control of breakingOrder)
      for (const fault of control.faults) trials.push(await tryFault(control, fault, system, canary));
    return trials;
  } finally {
    await close();
  }
}
