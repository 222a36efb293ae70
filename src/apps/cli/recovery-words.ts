import type { DrillReport, RestoreReport, ServerReport } from "#hosting/index.ts";

export function restoreWords(report: RestoreReport): string {
  const { tenant, target, lastCommit, lastOwnCommit, copied, files, replacedDatabase } = report;
  return [
    `${tenant.key} stands as it was at ${target}: everything committed at or before it is in.`,
    `  last commit in      ${lastCommit ?? "none since the base backup"}`,
    `  last own act in     ${lastOwnCommit ?? "none"}`,
    `  compared            ${copied.rows} rows of ${copied.tables} tables, equal`,
    ...(files.files === 0 ? [] : [`  files               ${files.files}, ${files.bytes} bytes`]),
    `  took                ${secondsWords(report.seconds)}`,
    replacedDatabase === undefined
      ? `  reached at          ${tenant.host}`
      : `  what was there      is kept; to go back: strongroom restore --back ${tenant.key}`,
    "  everybody signs in again",
    ...passedOverLines(report),
  ].join("\n");
}

export function drillWords({ tenant, target, copied, seconds }: DrillReport): string {
  return `${tenant} was restored to ${target} and compared: ${copied.rows} rows of ${copied.tables} tables, ${copied.bytes} bytes, equal (${secondsWords(seconds)}).`;
}

export function serverWords(report: ServerReport): string {
  const { target, lastCommit, archivedUntil, baseBackup, seconds, bytes, files } = report;
  return [
    `The server stands as it was at ${target ?? "the last moment there is"}.`,
    `  last commit in      ${lastCommit ?? "none since the base backup"}`,
    `  archived until      ${archivedUntil}: what was done after it is lost`,
    `  from base backup    ${baseBackup}, ${inMegabytes(bytes)}`,
    ...(files.files === 0 ? [] : [`  files               ${files.files}, ${files.bytes} bytes`]),
    `  took                ${secondsWords(seconds)}`,
    ...carriedLines(report),
    ...passedOverLines(report),
    ...report.turned.map(({ name, reason }) => `  ! ${name} was read from the copy: ${reason}`),
    ...report.losses.map((words) => `  ! ${words}`),
    ...(report.losses.length === 0
      ? []
      : [
          "  ! Where that is known and accepted, recover ends with 0: --accept-loss, or --to with the moment.",
        ]),
    ...(report.notTaken === undefined ? [] : [`  ! ${report.notTaken}`]),
    ...(report.tookOver
      ? [
          "Another server that wrote to these backups is shut out from them by now, and says so: do not let both work.",
        ]
      : []),
    "Start Strongroom with STRONGROOM_BACKUP as before; make a base backup soon: strongroom backup now",
  ].join("\n");
}

function carriedLines({ carried }: ServerReport): string[] {
  if (carried === undefined) return [];
  const { tenants, suspended, shut } = carried;
  const counted = tenants.flatMap(({ key, erased, limited, users }) => {
    const { closed, blocked, lowered } = users;
    const kept = [
      [erased, "erased again"],
      [closed.length, "closed"],
      [blocked.length, "blocked"],
      [lowered.length, "lowered"],
      [limited.length, "limited"],
    ] as const;
    const told = kept.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
    return told.length === 0 ? [] : [`${key}: ${told.join(", ")}`];
  });
  return [
    ...counted.map((each) => `  kept from later     ${each}`),
    ...suspended.map((key) => `  kept from later     ${key} is suspended`),
    ...shut.map(
      ({ key, reason }) =>
        `  ! ${key} is suspended, because who was shut out since could not be kept: ${reason}`,
    ),
    "  everybody signs in again",
  ];
}

const passedOverLines = ({ baseBackup, passedOver }: Pick<ServerReport, "baseBackup" | "passedOver">) =>
  passedOver.length === 0
    ? []
    : [
        `  ! made from the older base backup ${baseBackup}, because a newer one does not open`,
        ...passedOver.map(({ label, reason }) => `  ! ${label}: ${reason}`),
      ];

export const inMegabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
const secondsWords = (seconds: Record<string, number>): string =>
  Object.entries(seconds)
    .map(([step, value]) => `${step} ${value.toFixed(1)} s`)
    .join(", ");
