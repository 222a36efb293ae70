import type { Actor, Language } from "#core/index.ts";
import { csvLine } from "../export/index.ts";
import { reportWords } from "./import.words.ts";
import type { Refused } from "./prepare.ts";
import type { Target } from "./targets.ts";

/** The report's first line; the file's own columns follow, so that a mended row can be imported again. */
export function reportHead(language: Language, columns: readonly { name: string }[]): string {
  return csvLine([
    ...[reportWords.row, reportWords.field, reportWords.text, reportWords.why].map(
      (words) => words[language],
    ),
    ...columns.map(({ name }) => name),
  ]);
}

/** One line per row that was not taken. */
export function reportLines({ language }: Actor, target: Target, refused: readonly Refused[]): string {
  const label = (name: string) => target.fields.find((field) => field.name === name)?.words[language] ?? name;
  return refused
    .map(({ row, problems }) => {
      const all = (pick: (problem: Refused["problems"][number]) => string) => problems.map(pick).join("; ");
      return csvLine([
        row.row,
        all(({ field }) => label(field)),
        all(({ text }) => text),
        all(({ message }) => message),
        ...row.cells,
      ]);
    })
    .join("");
}
