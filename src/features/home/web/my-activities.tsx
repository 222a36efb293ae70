import { Button, Checkbox } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import {
  ask,
  Empty,
  keys,
  may,
  Panel,
  tellDone,
  tellRefused,
  useFormats,
  useLanguage,
  useNow,
  useSession,
  useWords,
  type CrmRecord,
  type Module,
} from "#ui/index.ts";
import { fieldNamed, FieldValue, titleOf } from "#features/fields/web/index.ts";
import styles from "./home.module.css";
import { homeWords } from "./home.words.ts";

type Props = { module: Module; activities: CrmRecord[]; overdue: number };

export function MyActivities({ module, activities, overdue }: Props) {
  const say = useWords(homeWords);
  const session = useSession();
  const navigate = useNavigate();
  const create = () =>
    void navigate({ to: ".", search: (now) => ({ ...now, create: { module: module.name } }) });
  const mine = {
    and: [
      { field: "responsible", op: "in", value: [session.user.id] },
      { field: "doneAt", op: "empty" },
    ],
  };
  const newButton = may(session, module.name, "create") && (
    <Button onClick={create}>{say.newActivity}</Button>
  );
  return (
    <Panel>
      <div className={styles.titled}>
        <h2>{say.myActivities}</h2>
        {overdue > 0 && <span className={`quiet ${styles.late}`}>{say.overdue(overdue)}</span>}
        <span style={{ flex: 1 }} />
        <Link
          className="quiet"
          to="/$module"
          params={{ module: module.path }}
          search={{ filter: mine, sort: "dueAt" }}
        >
          {say.allActivities}
        </Link>
      </div>
      {activities.length === 0 ? (
        <Empty action={newButton}>{say.nothingToDo}</Empty>
      ) : (
        <ul className={styles.list} aria-label={say.myActivities}>
          {activities.map((activity) => (
            <Activity key={activity.id} module={module} activity={activity} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Activity({ module, activity }: { module: Module; activity: CrmRecord }) {
  const say = useWords(homeWords);
  const kind = fieldNamed(module, "kind");
  const title = titleOf(module, activity);
  const finish = useFinish(module);
  const about = activity["organisation"] ?? activity["opportunity"] ?? activity["person"];
  return (
    <li>
      <Checkbox
        size="xs"
        checked={false}
        aria-label={say.markDone(title)}
        onChange={() => void finish(activity)}
      />
      <Link to="/$module/$id" params={{ module: module.path, id: activity.id }}>
        {title}{" "}
        <span className="quiet">
          {kind && <FieldValue field={kind} value={activity["kind"]} />}
          {typeof about === "object" && about && ` · ${about.name}`}
        </span>
      </Link>
      <Due at={activity["dueAt"] as string | null} />
    </li>
  );
}

function useFinish(module: Module) {
  const language = useLanguage();
  const client = useQueryClient();
  const put = async ({ id, version }: CrmRecord, doneAt: string | null): Promise<CrmRecord | undefined> => {
    try {
      const changed = await ask<CrmRecord>("PATCH", `/api/${module.path}/${id}`, {
        body: { doneAt },
        version,
      });
      await client.invalidateQueries({ queryKey: keys.home });
      await client.invalidateQueries({ queryKey: keys.module(module.name) });
      return changed;
    } catch (error) {
      tellRefused(error, language, [module]);
      return undefined;
    }
  };
  return async (activity: CrmRecord) => {
    const changed = await put(activity, new Date().toISOString());
    if (changed) tellDone(titleOf(module, activity), language, () => void put(changed, null));
  };
}

const dayMilliseconds = 86_400_000;
const startOfDay = (date: Date): number =>
  new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

function Due({ at }: { at: string | null }) {
  const say = useWords(homeWords);
  const formats = useFormats();
  const now = useNow();
  if (!at) return <span className="quiet">{say.noDate}</span>;
  const days = Math.round((startOfDay(new Date(at)) - startOfDay(now)) / dayMilliseconds);
  const text = Math.abs(days) > 30 ? formats.day(at) : formats.daysAway(days);
  return (
    <span className={`quiet nowrap ${days < 0 ? styles.late : ""}`} title={formats.instant(at)}>
      {text}
    </span>
  );
}
