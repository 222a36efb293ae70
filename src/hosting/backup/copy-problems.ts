import type { CopyStanding } from "./copy-standing.ts";
import type { Problem } from "./problems.ts";

/** What is to be put right with the copy of the backups, in words for the host. */
export function copyProblems(copy: CopyStanding | undefined): Problem[] {
  if (copy === undefined) return [];
  const { location, separate, away, waiting, late, differing, lost, room } = copy;
  const found: [boolean, Problem["code"], string][] = [
    [away !== undefined, "copy_away", `The copy of the backups cannot be told of: ${away}`],
    [
      !separate,
      "copy_not_separate",
      `The copy of the backups at ${location} is no second one: what takes the first takes it too. Set STRONGROOM_BACKUP_COPY to another disk.`,
    ],
    [late, "copy_late", `${waiting.files} files wait since ${waiting.since} to be copied to ${location}.`],
    [
      differing.length > 0,
      "copy_differs",
      `${named(differing)} differ in ${location}. See which one opens: strongroom backup check. Remove the other; a file that is missing in the copy is copied again.`,
    ],
    [
      lost.length > 0,
      "location_lacks",
      `The backups lack what their copy at ${location} has: ${named(lost)}. Bring it back from there; until then a restore reads the copy.`,
    ],
    [
      room !== undefined && room.freeBytes < room.sizeBytes / 100,
      "copy_full_soon",
      `The disk of ${location} will be full soon: ${Math.round((room?.freeBytes ?? 0) / 1e6)} MB are left.`,
    ],
  ];
  return found.filter(([is]) => is).map(([, code, words]) => ({ code, words }));
}

const named = (names: readonly string[]): string =>
  `${names.slice(0, 3).join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`;
