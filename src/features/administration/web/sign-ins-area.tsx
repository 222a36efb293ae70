import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import {
  ask,
  commonWords,
  PlainTable,
  Skeletons,
  Trouble,
  useFormats,
  useWords,
  withQuery,
  type NamedNumber,
  type Page,
} from "#ui/index.ts";
import { browserName } from "#features/account/web/index.ts";
import styles from "./administration.module.css";
import { adminWords, outcomeWords } from "./administration.words.ts";

type SignIn = {
  id: string | number;
  at: string;
  name: string;
  user: NamedNumber | null;
  ip: string;
  outcome: keyof typeof outcomeWords;
  userAgent: string | null;
};

const rowsPerPage = 100;

export function SignInsArea() {
  const say = useWords(adminWords);
  const sayCommon = useWords(commonWords);
  const query = useInfiniteQuery({
    queryKey: ["sign-ins"],
    queryFn: ({ pageParam }) =>
      ask<Page<SignIn>>("GET", withQuery("/api/sign-ins", { after: pageParam, limit: rowsPerPage })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    staleTime: 0,
  });
  if (query.isPending) return <Skeletons rows={12} />;
  if (query.isError && !query.data)
    return <Trouble error={query.error} onRetry={() => void query.refetch()} />;
  const entries = query.data.pages.flatMap((page) => page.items);
  return (
    <>
      <PlainTable label={say.signIns} heads={[say.when, sayCommon.name, say.outcome, say.ip, say.device]}>
        {entries.map((entry) => (
          <SignInRow key={entry.id} entry={entry} />
        ))}
      </PlainTable>
      {query.hasNextPage && (
        <Button mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {say.earlier}
        </Button>
      )}
    </>
  );
}

function SignInRow({ entry }: { entry: SignIn }) {
  const say = useWords(adminWords);
  const sayOutcome = useWords(outcomeWords);
  const formats = useFormats();
  const tone = entry.outcome === "failed" || entry.outcome === "blocked" ? styles.bad : styles.ok;
  return (
    <tr>
      <td className="nowrap">{formats.instant(entry.at)}</td>
      <td>
        {entry.user?.name ?? entry.name} {!entry.user && <span className="quiet">{say.unknownName}</span>}
      </td>
      <td className={tone}>{sayOutcome[entry.outcome] ?? entry.outcome}</td>
      <td>{entry.ip}</td>
      <td className="quiet" title={entry.userAgent ?? ""}>
        {browserName(entry.userAgent)}
      </td>
    </tr>
  );
}
