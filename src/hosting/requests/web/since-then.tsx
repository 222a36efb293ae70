import { useQuery } from "@tanstack/react-query";
import { Box, reasonOf, Skeletons, useFormats, useLanguage, useWords } from "#ui/index.ts";
import styles from "./restore.module.css";
import { sinceMoment } from "./restore-query.ts";
import { kindWords, restoreWords } from "./restore.words.ts";

/** What would not be there any more, in numbers, before anybody asks. */
export function SinceThen({ moment, isSettled }: { moment: string | undefined; isSettled: boolean }) {
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
    <Box tone="warn" role="status">
      <strong>{say.lost}</strong>
      <ul className={styles.counts}>
        {[...runs, ...told].map(({ kind, words }) => (
          <li key={kind}>{words}</li>
        ))}
      </ul>
      {say.lostHint}
    </Box>
  );
}
