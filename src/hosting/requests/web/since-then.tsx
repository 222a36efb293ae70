import { useQuery } from "@tanstack/react-query";
import { Box, reasonOf, Skeletons, useFormats, useLanguage, useWords } from "#ui/index.ts";
import styles from "./restore.module.css";
import { sinceMoment } from "./restore-query.ts";
import { kindWords, restoreWords } from "./restore.words.ts";

/** `isLost`: it would not be there any more after what is asked for. */
type Props = { moment: string | undefined; isSettled: boolean; isLost: boolean };

/** What happened since the moment, in numbers, before anybody asks. */
export function SinceThen({ moment, isSettled, isLost }: Props) {
  const say = useWords(restoreWords);
  const sayKind = useWords(kindWords);
  const formats = useFormats();
  const language = useLanguage();
  const query = useQuery(sinceMoment(moment));
  if (moment === undefined) return <Box>{say.noneChosen}.</Box>;
  if (query.isError)
    return (
      <Box tone="bad" role="alert">
        {reasonOf(query.error, language)}
      </Box>
    );
  if (query.data === undefined || !isSettled) return <Skeletons rows={2} />;
  const { counts, imports } = query.data;
  const told = counts.map(({ kind, count }) => ({ kind, words: sayKind[kind](formats.number(count)) }));
  const runs = imports === 0 ? [] : [{ kind: "imports", words: sayKind.imports(formats.number(imports)) }];
  if (told.length + runs.length === 0) return <Box role="status">{say.nothingLost}</Box>;
  return (
    <Box {...(isLost && { tone: "warn" as const })} role="status">
      <strong>{say.lost}</strong>
      <ul className={styles.counts}>
        {[...runs, ...told].map(({ kind, words }) => (
          <li key={kind}>{words}</li>
        ))}
      </ul>
      {isLost && say.lostHint}
    </Box>
  );
}
