import { Button, Group } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  ask,
  Panel,
  PlainTable,
  Skeletons,
  tellDone,
  tellRefused,
  Trouble,
  useFormats,
  useLanguage,
  useNow,
  useWords,
} from "#ui/index.ts";
import { startAnew } from "#features/sign-in/web/index.ts";
import { accountWords } from "./account.words.ts";
import { browserName } from "./browser-name.ts";

type OwnSession = {
  id: string;
  current: boolean;
  createdAt: string;
  lastSeenAt: string;
  ip: string;
  userAgent: string;
};
const sessionsKey = ["sessions"];

export function SessionList() {
  const say = useWords(accountWords);
  const language = useLanguage();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: sessionsKey,
    queryFn: () => ask<{ items: OwnSession[] }>("GET", "/api/sessions").then(({ items }) => items),
  });
  const end = useMutation({
    mutationFn: (session: OwnSession) => ask("DELETE", `/api/sessions/${session.id}`),
    onSuccess: async () => {
      tellDone(say.ended, language);
      await client.invalidateQueries({ queryKey: sessionsKey });
    },
    onError: (error) => tellRefused(error, language),
  });
  const endAll = useMutation({
    mutationFn: () => ask("POST", "/api/sign-out-everywhere"),
    onSuccess: startAnew,
    onError: (error) => tellRefused(error, language),
  });
  return (
    <Panel title={say.sessions}>
      {query.isPending && <Skeletons rows={3} />}
      {query.isError && <Trouble error={query.error} />}
      {query.data && (
        <PlainTable label={say.sessions} heads={[say.device, say.ip, "", ""]}>
          {query.data.map((session) => (
            <SessionRow key={session.id} session={session} onEnd={() => end.mutate(session)} />
          ))}
        </PlainTable>
      )}
      <Group mt="md" justify="space-between">
        <span className="quiet">{say.everywhereHint}</span>
        <Button color="red" variant="light" loading={endAll.isPending} onClick={() => endAll.mutate()}>
          {say.everywhereOut}
        </Button>
      </Group>
    </Panel>
  );
}

function SessionRow({ session, onEnd }: { session: OwnSession; onEnd: () => void }) {
  const say = useWords(accountWords);
  const formats = useFormats();
  const now = useNow();
  const name = browserName(session.userAgent);
  return (
    <tr>
      <td>
        {name} {session.current && <span className="quiet">· {say.thisOne}</span>}
      </td>
      <td>{session.ip}</td>
      <td className="quiet nowrap" title={say.since(formats.instant(session.createdAt))}>
        {say.lastSeen(formats.ago(session.lastSeenAt, now))}
      </td>
      <td className="number">
        {!session.current && (
          <Button aria-label={say.endNamed(name)} onClick={onEnd}>
            {say.end}
          </Button>
        )}
      </td>
    </tr>
  );
}
