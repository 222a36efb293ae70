import { Button, Group } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  ask,
  Empty,
  Panel,
  Skeletons,
  tellRefused,
  Trouble,
  useFormats,
  useLanguage,
  useSession,
  useWords,
} from "#ui/index.ts";
import { momentsKey, openMoments, type Moment } from "./moment-query.ts";
import styles from "./moment.module.css";
import { momentWords } from "./moment.words.ts";

/** Moments to look at; who may ask for them may close them too. */
export function OpenMoments({ hidesEmpty = false }: { hidesEmpty?: boolean }) {
  const say = useWords(momentWords);
  const query = useQuery(openMoments);
  if (hidesEmpty && !query.isError && (query.data ?? []).length === 0) return null;
  return (
    <Panel title={say.open}>
      {query.isError && <Trouble error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeletons rows={2} />}
      {query.data?.length === 0 && <Empty>{say.noneOpen}</Empty>}
      <ul className={styles.rows}>
        {query.data?.map((moment) => (
          <One key={moment.id} moment={moment} />
        ))}
      </ul>
    </Panel>
  );
}

function One({ moment }: { moment: Moment }) {
  const say = useWords(momentWords);
  const formats = useFormats();
  const language = useLanguage();
  const session = useSession();
  const client = useQueryClient();
  const close = useMutation({
    mutationFn: () => ask("POST", `/api/moments/${moment.id}/close`),
    onError: (error) => tellRefused(error, language),
    onSettled: () => client.invalidateQueries({ queryKey: momentsKey }),
  });
  const at = formats.exact(moment.at);
  return (
    <li className={styles.row}>
      <Link className={styles.link} to="/moments/$momentId" params={{ momentId: moment.id }}>
        {say.asOf(at)}
      </Link>
      <span className="quiet">{say.openUntil(formats.instant(moment.openUntil))}</span>
      <Group gap={6}>
        {session.permissions.includes("users") && (
          <Button
            variant="subtle"
            aria-label={say.closeNamed(at)}
            loading={close.isPending}
            onClick={() => close.mutate()}
          >
            {say.close}
          </Button>
        )}
      </Group>
    </li>
  );
}
