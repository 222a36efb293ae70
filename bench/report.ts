import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { benchUsers, operations } from "./operations.ts";
import type { Results } from "./results.ts";
import { recoveryTable } from "./recovery/table.ts";
import { kept, linesTable, otherLines, p99Limit } from "./targets.ts";

const marks = { begin: "<!-- results -->", end: "<!-- end of results -->" };
const recoveryMarks = { begin: "<!-- recovery -->", end: "<!-- end of recovery -->" };

/** The table people read, in Markdown. A value that misses its promise is marked ✘. */
export function table(results: Results): string {
  return [
    `${results["machine.date"]}, ${results["machine.cores"]} cores, ${results["machine.memoryGigabytes"]} GB, PostgreSQL ${results["machine.postgresql"]}, Node ${results["machine.node"]}; ${Number(results["records.organisations"]).toLocaleString("en")} organisations, ${Number(results["records.persons"]).toLocaleString("en")} persons, ${Number(results["records.opportunities"]).toLocaleString("en")} opportunities, ${Number(results["records.activities"]).toLocaleString("en")} activities.`,
    "",
    "| user | operation | p50 ms | p99 ms | target | ÷ raw `pg` | row security × | row security + ms | requests/s at 16 |",
    "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ...benchUsers.flatMap(({ key }) =>
      operations
        .filter((operation) => `${key}.${operation}.p50Ms` in results)
        .map((operation) => userLine(results, key, operation)),
    ),
    "",
    ...linesTable(otherLines(results)),
    "",
    `First start in an empty folder, with the demo tenant: ${results["firstStartSeconds"] ?? "not measured"} s. Filling: ${results["fillSeconds"] ?? "kept from an earlier run"}${"fillSeconds" in results ? " s" : ""}. Deep pages: ${benchUsers.map(({ key }) => `${results[`${key}.deepPage.pagesDown`]} down (${key})`).join(", ")}.`,
  ].join("\n");
}

function userLine(results: Results, user: string, operation: (typeof operations)[number]): string {
  const held = kept(results, user, operation);
  const cell = (name: string, met: boolean | undefined) => {
    const value = results[`${user}.${operation}.${name}`];
    return value === undefined ? "" : `${value}${met === false ? " ✘" : ""}`;
  };
  const cells = [
    user,
    operation,
    cell("p50Ms", undefined),
    cell("p99Ms", held.p99),
    `≤ ${p99Limit(operation)}`,
    cell("ratioToRaw", held.ratio),
    cell("rlsRatio", held.rowSecurity),
    cell("rlsAddedMs", held.rowSecurity),
    cell("requestsPerSecondAt16", held.perSecond),
  ];
  return `| ${cells.join(" | ")} |`;
}

const isOfRecovery = (key: string) => key.startsWith("recovery.");

/** Writes the results beside this file, and the table between the marks of the README. */
export async function keep(results: Results): Promise<void> {
  const kept = Object.entries(await latest()).filter(([key]) => isOfRecovery(key));
  await write({ ...results, ...Object.fromEntries(kept) }, marks, table(results));
}

/** The same for recovery; what was not measured this time stays. */
export async function keepRecovery(results: Results): Promise<void> {
  const all = { ...(await latest()), ...results };
  await write(all, recoveryMarks, recoveryTable(all));
}

/** Beside this file, unless it is a copy that is run. */
const folder = process.env["STRONGROOM_BENCH_RESULTS"] ?? import.meta.dirname;
const latestPath = join(folder, "latest.json");
const latest = async () => JSON.parse(await readFile(latestPath, "utf8")) as Results;

async function write(results: Results, { begin, end }: typeof marks, text: string): Promise<void> {
  await writeFile(latestPath, `${JSON.stringify(results, null, 2)}\n`);
  const path = join(folder, "README.md");
  const page = await readFile(path, "utf8");
  const [before = ""] = page.split(begin);
  const [, after = ""] = page.split(end);
  await writeFile(path, `${before}${begin}\n${text}\n${end}${after}`);
  await promisify(execFile)(join(import.meta.dirname, "../node_modules/.bin/oxfmt"), [path]);
}
