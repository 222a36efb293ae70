import { benchUsers, isRead, operations, type Operation } from "./operations.ts";
import { rounded, type Results } from "./results.ts";

/** One line of the table: what is measured, what it should be, and what it is. */
export type Line = {
  readonly what: string;
  readonly target: string;
  readonly seen: string;
  readonly met: boolean;
};

/** The numbers this program promises at 1,000,000 records, on two cores shared with the load generator. */
const readP99Ms = 25;
const searchP99Ms = 60;
const writeP99Ms = 12;
const ratioToRawMax = 2;
const rowSecurity = { ratioMax: 1.25, addedMsMax: 1 };
const deepPageToFirstMax = 1.3;
const perSecondAt16: Partial<Record<Operation, number>> = { getOne: 1500, listByName: 900, create: 800 };

export const p99Limit = (operation: Operation): number =>
  operation === "search" ? searchP99Ms : isRead(operation) ? readP99Ms : writeP99Ms;

/** Whether each cell of a user's row keeps its promise; absent where none is made. */
export function kept(results: Results, user: string, operation: Operation) {
  const value = (name: string) => Number(results[`${user}.${operation}.${name}`]);
  const wanted = perSecondAt16[operation];
  return {
    p99: value("p99Ms") <= p99Limit(operation),
    ratio: isRead(operation) ? value("ratioToRaw") <= ratioToRawMax : undefined,
    rowSecurity: isRead(operation)
      ? value("rlsRatio") <= rowSecurity.ratioMax || value("rlsAddedMs") <= rowSecurity.addedMsMax
      : undefined,
    perSecond: wanted === undefined ? undefined : value("requestsPerSecondAt16") >= wanted,
    errors: value("errors") === 0,
  };
}

/** What is derived from the measurements of users. */
export function derived(results: Results): Results {
  const measured = benchUsers
    .flatMap(({ key }) => operations.map((operation) => `${key}.${operation}`))
    .filter((key) => `${key}.p50Ms` in results);
  const all = (name: string) => measured.map((key) => Number(results[`${key}.${name}`] ?? 0));
  return {
    ...Object.fromEntries(
      benchUsers.map(({ key }) => [
        `${key}.deepPage.ratioToFirstPage`,
        rounded(Number(results[`${key}.deepPage.p50Ms`]) / Number(results[`${key}.listByName.p50Ms`])),
      ]),
    ),
    memoryMegabytesAt16: Math.max(...all("memoryMegabytes")),
    errors: all("errors").reduce((sum, each) => sum + each, 0),
  };
}

/** One promise with an upper limit; none of what was not measured. */
export function atMost(results: Results, what: string, key: string, limit: number, unit: string): Line {
  const target = `≤ ${limit} ${unit}`.trim();
  if (!(key in results)) return { what, target, seen: "not measured", met: false };
  return { what, target, seen: `${results[key]} ${unit}`.trim(), met: Number(results[key]) <= limit };
}

export const linesTable = (lines: readonly Line[]): string[] => [
  "| | target | seen | |",
  "|---|---:|---:|---|",
  ...lines.map(({ what, target, seen, met }) => `| ${what} | ${target} | ${seen} | ${met ? "✔" : "✘"} |`),
];

/** The promises that are not about one user and operation. */
export function otherLines(results: Results): Line[] {
  return [
    ...benchUsers.map(({ key }) =>
      atMost(
        results,
        `Deep page to first page, ${key}`,
        `${key}.deepPage.ratioToFirstPage`,
        deepPageToFirstMax,
        "×",
      ),
    ),
    {
      what: "Import, end to end",
      target: "≥ 10000 rows/s",
      seen: "import.rowsPerSecond" in results ? `${results["import.rowsPerSecond"]} rows/s` : "not measured",
      met: Number(results["import.rowsPerSecond"] ?? 0) >= 10_000,
    },
    atMost(results, "New tenant", "newTenant.p50Seconds", 1.5, "s"),
    atMost(results, "Warm start to first answer", "warmStartSeconds", 3, "s"),
    atMost(results, "Resident memory at 16 clients", "memoryMegabytesAt16", 250, "MB"),
    atMost(results, "Errors", "errors", 0, ""),
  ];
}
