import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  commonWords,
  recordTimeline,
  Skeletons,
  Trouble,
  useFormats,
  useLanguage,
  useModule,
  useWords,
  type CrmRecord,
  type Module,
  type TimelineEntry,
} from "#ui/index.ts";
import { fieldNamed, FieldValue, titleOf, valueText } from "#features/fields/web/index.ts";
import { AccessBox } from "./access-box.tsx";
import styles from "./record.module.css";
import { recordWords } from "./record.words.ts";

export function TimelineTab({ module, record }: { module: Module; record: CrmRecord }) {
  const say = useWords(recordWords);
  const query = useInfiniteQuery(recordTimeline(module, record.id));
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Facts module={module} record={record} />
      {query.isPending && <Skeletons rows={5} />}
      {query.isError && <Trouble error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && entries.length === 0 && <span className="quiet">{say.noHistory}</span>}
      {entries.length > 0 && (
        <ol className={styles.timeline} aria-label={say.timeline}>
          {entries.map((entry, index) => (
            <Entry key={`${entry.at}-${index}`} module={module} entry={entry} />
          ))}
        </ol>
      )}
      {query.hasNextPage && (
        <Button
          variant="subtle"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {say.earlier}
        </Button>
      )}
      <AccessBox module={module} record={record} />
    </>
  );
}

const foremost = new Set(["choice", "money", "date", "dateTime", "phone", "email", "relation"]);
const factsMax = 6;

/** Who answers for the record, and the few fields one looks for first. */
function Facts({ module, record }: { module: Module; record: CrmRecord }) {
  const sayCommon = useWords(commonWords);
  const language = useLanguage();
  const filled = module.fields.filter(
    (field) => foremost.has(field.type) && record[field.name] && !field.readOnly && field.name !== "currency",
  );
  return (
    <dl className={styles.facts}>
      <dt>{sayCommon.responsible}</dt>
      <dd>{record.responsible?.name ?? "–"}</dd>
      {record.secondResponsible && (
        <>
          <dt>{sayCommon.secondResponsible}</dt>
          <dd>{record.secondResponsible.name}</dd>
        </>
      )}
      {filled.slice(0, factsMax).map((field) => [
        <dt key={`${field.name} name`}>{field.words[language]}</dt>,
        <dd key={field.name}>
          <FieldValue field={field} value={record[field.name]} record={record} linked />
        </dd>,
      ])}
    </dl>
  );
}

const happened = {
  created: "created",
  changed: "changed",
  deleted: "deleted",
  restored: "restoredEntry",
  reassigned: "reassignedEntry",
  imported: "imported",
} as const;

function Entry({ module, entry }: { module: Module; entry: TimelineEntry }) {
  const say = useWords(recordWords);
  const formats = useFormats();
  return (
    <li>
      {entry.kind === "activity" ? (
        <ActivityEntry activity={entry.activity} />
      ) : (
        <>
          <strong>{say[happened[entry.kind]]}</strong> <Changes module={module} entry={entry} />
        </>
      )}
      <div className="quiet">
        {entry.by?.name ?? say.system}, {formats.instant(entry.at)}
      </div>
    </li>
  );
}

function ActivityEntry({ activity }: { activity: CrmRecord | undefined }) {
  const module = useModule("activity");
  const kind = module && fieldNamed(module, "kind");
  if (!module || !activity) return null;
  return (
    <Link to="/$module/$id" params={{ module: module.path, id: activity.id }}>
      <strong>{kind && <FieldValue field={kind} value={activity["kind"]} />}</strong>{" "}
      {titleOf(module, activity)}
    </Link>
  );
}

function Changes({ module, entry }: { module: Module; entry: TimelineEntry }) {
  const say = useWords(recordWords);
  const language = useLanguage();
  const formats = useFormats();
  if (entry.kind === "created" || entry.kind === "imported") return null;
  return (entry.changes ?? []).map((change, index) => {
    const field = fieldNamed(module, change.field);
    if (!field) return null;
    const text = (value: typeof change.before) => valueText(field, value, formats, language) || say.nothing;
    return (
      <span key={change.field}>
        {index > 0 && ", "}
        {field.words[language].toLowerCase()} {text(change.before)} → {text(change.after)}
      </span>
    );
  });
}
