import type { ProblemCode } from "./problems.ts";
import type { BackupStatus, RepositoryStatus } from "./status.ts";

const minuteMilliseconds = 60_000;

/** An hour or a day, and some time for making it. */
const late = { fullMinutes: 25 * 60, incrementMinutes: 75, behindMinutes: 2 };

/** Each by itself: what one repository lacks, another one hides from the window. */
export function repositoryProblems(
  { repositories }: Pick<BackupStatus, "repositories">,
  now: Date,
): [boolean, ProblemCode, string][] {
  if (repositories === undefined) return [];
  const isOlder = (at: string | undefined, minutes: number) =>
    at === undefined || now.getTime() - Date.parse(at) > minutes * minuteMilliseconds;
  const sound = repositories.filter(({ failure }) => failure === undefined);
  const withoutFull = sound.filter(({ newestFull }) => isOlder(newestFull, late.fullMinutes));
  const withoutIncrement = sound.filter(({ newestIncrement }) =>
    isOlder(newestIncrement, late.incrementMinutes),
  );
  const behind = sound.filter(
    ({ behindSince }) => behindSince !== undefined && isOlder(behindSince, late.behindMinutes),
  );
  return [
    [
      repositories.length === 1,
      "one_repository",
      "There is only one repository. Add a second one on other storage: it survives the loss of the first.",
    ],
    [
      sound.length < repositories.length,
      "repository_failed",
      repositories
        .filter(({ failure }) => failure !== undefined)
        .map((each) => `${named(each)} cannot be used: ${each.failure}.`)
        .join(" "),
    ],
    [
      withoutFull.length > 0,
      "base_late",
      `No full backup of the last 25 hours is in ${withoutFull.map(named).join(" nor in ")}.`,
    ],
    [
      withoutFull.length === 0 && withoutIncrement.length > 0,
      "increment_late",
      `No backup of the last 75 minutes is in ${withoutIncrement.map(named).join(" nor in ")}.`,
    ],
    [
      behind.length > 0,
      "repository_behind",
      behind.map((each) => `${named(each)} lacks log since ${each.behindSince}.`).join(" "),
    ],
  ];
}

const named = ({ key, place }: RepositoryStatus): string => `repository ${key} (${place})`;
