import { Tabs } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { validate as isId } from "uuid";
import {
  cachedRecord,
  Empty,
  oneRecord,
  Skeletons,
  Trouble,
  useLanguage,
  useModule,
  useModules,
  useShortcuts,
  useWords,
  ApiError,
  type CrmRecord,
  type Module,
} from "#ui/index.ts";
import { useListSearch } from "#features/address/web/index.ts";
import { Details } from "./details.tsx";
import { RecordHead } from "./record-head.tsx";
import styles from "./record.module.css";
import { recordWords } from "./record.words.ts";
import { Related, relationsTo } from "./related.tsx";
import { TimelineTab } from "./timeline-tab.tsx";

/** The record named in the address, beside its list or alone. */
export function RecordPane() {
  const { module: path, id } = useParams({ strict: false });
  const module = useModule(path ?? "");
  const say = useWords(recordWords);
  if (!module || !id) return null;
  // A cut-off address, or a word that the server answers otherwise ("board").
  if (!isId(id)) return <Empty>{say.gone}</Empty>;
  return <OneRecord key={`${module.name}:${id}`} module={module} id={id} />;
}

function OneRecord({ module, id }: { module: Module; id: string }) {
  const say = useWords(recordWords);
  const client = useQueryClient();
  const navigate = useNavigate();
  const query = useQuery({
    ...oneRecord(module, id),
    placeholderData: () => cachedRecord(client, module.name, id),
  });
  const close = () =>
    void navigate({
      to: "/$module",
      params: { module: module.path },
      search: (now) => ({ ...now, tab: undefined, edit: undefined }),
    });
  useShortcuts({ Escape: close });
  if (query.error instanceof ApiError && query.error.status === 404) return <Empty>{say.gone}</Empty>;
  if (query.isError && !query.data)
    return <Trouble error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data)
    return (
      <div style={{ padding: 18 }}>
        <Skeletons rows={10} />
      </div>
    );
  return (
    <article className={styles.record} aria-busy={query.isPlaceholderData}>
      <RecordHead module={module} record={query.data} onClose={close} />
      <RecordTabs module={module} record={query.data} whole={!query.isPlaceholderData} />
    </article>
  );
}

function RecordTabs({ module, record, whole }: { module: Module; record: CrmRecord; whole: boolean }) {
  const say = useWords(recordWords);
  const language = useLanguage();
  const search = useListSearch();
  const navigate = useNavigate();
  const relations = relationsTo(module, useModules());
  const tab = search.edit ? "details" : (search.tab ?? "timeline");
  const show = (next: string | null) =>
    void navigate({
      to: ".",
      search: (now) => ({
        ...now,
        tab: next === "timeline" ? undefined : (next ?? undefined),
        edit: undefined,
      }),
      replace: true,
    });
  return (
    <Tabs value={tab} onChange={show} keepMounted={false} className={styles.record} mt={8}>
      <Tabs.List px={18}>
        <Tabs.Tab value="timeline">{say.timeline}</Tabs.Tab>
        <Tabs.Tab value="details">{say.details}</Tabs.Tab>
        {relations.map(({ module: other }) => (
          <Tabs.Tab key={other.name} value={other.path}>
            {other.words[language].many}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="timeline" className={styles.scroll}>
        <TimelineTab module={module} record={record} />
      </Tabs.Panel>
      <Tabs.Panel value="details" className={styles.scroll}>
        {whole ? (
          <Details module={module} record={record} startEditing={search.edit === true} />
        ) : (
          <Skeletons rows={10} />
        )}
      </Tabs.Panel>
      {relations.map((relation) => (
        <Tabs.Panel key={relation.module.name} value={relation.module.path} className={styles.scroll}>
          <Related relation={relation} to={module} record={record} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
