import { Button } from "@mantine/core";
import { useFormats, useWords, type Formats } from "#ui/index.ts";
import { bucketsOf } from "./bars.tsx";
import styles from "./restore.module.css";
import type { Mark, Window } from "./restore-query.ts";
import { restoreWords } from "./restore.words.ts";

type Said = ReturnType<typeof useWords<typeof restoreWords>>;
type Line = {
  at: string;
  words: string;
  by: string | null;
  tone: "added" | "changed" | "deleted" | "restored";
};

/** From how many of one bucket on it is worth a line of its own. */
const many = { deleted: 20, changed: 200 };
const linesMax = 12;

/** What stands out in the part that is shown, each with the second before it to go back to. */
export function MarksList({ window, onChoose }: { window: Window; onChoose: (moment: Date) => void }) {
  const say = useWords(restoreWords);
  const formats = useFormats();
  const lines = [
    ...window.marks.map((mark) => markLine(mark, say, formats)),
    ...bulkLines(window, say, formats),
  ]
    .sort((one, other) => (one.at < other.at ? 1 : -1))
    .slice(0, linesMax);
  if (lines.length === 0) return <p className="quiet">{say.nothing}</p>;
  return (
    <ul className={styles.lines} aria-label={say.standsOut}>
      {lines.map(({ at, words, by, tone }) => (
        <li key={`${at} ${words}`}>
          <i className={styles.dot} data-tone={tone} aria-hidden />
          <time dateTime={at}>{formats.exact(at)}</time>
          <span>
            {words}
            {by && <span className="quiet"> · {by}</span>}
          </span>
          <Button
            variant="subtle"
            aria-label={say.beforeNamed(words)}
            onClick={() => onChoose(new Date(Date.parse(at) - 1000))}
          >
            {say.before}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function markLine({ at, kind, by, fileName, records, target }: Mark, say: Said, formats: Formats): Line {
  const file = fileName ?? "";
  switch (kind) {
    case "import.run":
      return { at, by, tone: "added", words: say.imported(file, formats.number(records ?? 0)) };
    case "import.undo":
      return { at, by, tone: "deleted", words: say.importUndone(file) };
    case "restore":
      return {
        at,
        by,
        tone: "restored",
        words: say.wasRestored(target === null ? "" : formats.exact(target)),
      };
    case "back":
      return { at, by, tone: "restored", words: say.wentBack };
  }
}

function bulkLines(window: Window, say: Said, formats: Formats): Line[] {
  const minutes = window.bucketSeconds / 60;
  return bucketsOf(window).flatMap(({ at, counts }) => {
    const time = new Date(at).toISOString();
    const { deleted = 0, changed = 0 } = counts;
    return [
      ...(deleted >= many.deleted
        ? [
            {
              at: time,
              by: null,
              tone: "deleted" as const,
              words: say.manyDeleted(formats.number(deleted), minutes),
            },
          ]
        : []),
      ...(changed >= many.changed
        ? [
            {
              at: time,
              by: null,
              tone: "changed" as const,
              words: say.manyChanged(formats.number(changed), minutes),
            },
          ]
        : []),
    ];
  });
}
