import { useFormats, useWords } from "#ui/index.ts";
import styles from "./restore.module.css";
import type { Request } from "./restore-query.ts";
import { restoreWords } from "./restore.words.ts";

/** What was found: the last change that is in, what was checked, and what of today was kept. */
export function Outcome({ request }: { request: Request }) {
  const say = useWords(restoreWords);
  const formats = useFormats();
  const { kind, lastOwnCommit, compared, erasedAgain, users, keptUntil } = request;
  const lines: [string, string | undefined][] = [
    [
      say.lastCommit,
      kind === "back" ? undefined : lastOwnCommit === null ? say.noCommit : formats.exact(lastOwnCommit),
    ],
    [
      say.compared,
      compared ? say.rowsOf(formats.number(compared.rows), formats.number(compared.tables)) : undefined,
    ],
    [say.erasedAgain, erasedAgain ? formats.number(erasedAgain) : undefined],
    [say.closed, users?.closed.join(", ")],
    [say.blocked, users?.blocked.join(", ")],
    [say.lowered, users?.lowered.join(", ")],
    [say.left, users?.left.join(", ")],
    [say.gone, users?.gone ? formats.number(users.gone) : undefined],
    [
      kind === "moment" ? say.keptOpen : say.keptUntil,
      keptUntil === null ? undefined : formats.instant(keptUntil),
    ],
  ];
  return (
    <dl className={styles.found}>
      {lines.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
