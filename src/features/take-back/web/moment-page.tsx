import { SegmentedControl, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import {
  Empty,
  PageHead,
  Skeletons,
  Trouble,
  useFormats,
  useLanguage,
  useModules,
  useWords,
  type Module,
} from "#ui/index.ts";
import { AllThen } from "./all-then.tsx";
import { Differences } from "./differences.tsx";
import { countsOf, kinds, openMoments, type Kind, type Moment } from "./moment-query.ts";
import styles from "./moment.module.css";
import { kindWords, momentWords } from "./moment.words.ts";
import { TakeBacks } from "./take-backs.tsx";

/** A moment beside the present: what differs, module by module, and the way to take it back. */
export function MomentPage() {
  const say = useWords(momentWords);
  const { momentId } = useParams({ strict: false }) as { momentId: string };
  const query = useQuery(openMoments);
  if (query.isError) return <Trouble error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeletons rows={8} />;
  const moment = query.data.find(({ id }) => id === momentId);
  if (moment === undefined)
    return <Empty action={<Link to="/moments">{say.title}</Link>}>{say.closedMeanwhile}</Empty>;
  return <Opened moment={moment} />;
}

function Opened({ moment }: { moment: Moment }) {
  const say = useWords(momentWords);
  const formats = useFormats();
  const language = useLanguage();
  const modules = useModules();
  const navigate = useNavigate();
  const { of } = useSearch({ strict: false }) as { of?: string };
  const module = modules.find(({ path }) => path === of) ?? modules[0];
  if (!module) return null;
  return (
    <>
      <PageHead title={say.asOf(formats.exact(moment.at))} />
      <p className={styles.banner} role="note">
        {say.banner(formats.instant(moment.openUntil))} <Link to="/moments">{say.others}</Link>
      </p>
      <Tabs
        value={module.path}
        onChange={(path) => void navigate({ to: ".", search: { of: path ?? undefined } })}
      >
        <Tabs.List px={18} className={styles.modules ?? ""}>
          {modules.map(({ path, words }) => (
            <Tabs.Tab key={path} value={path}>
              {words[language].many}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <OfModule key={`${moment.id} ${module.name}`} moment={moment} module={module} />
      <TakeBacks momentId={moment.id} />
    </>
  );
}

function OfModule({ moment, module }: { moment: Moment; module: Module }) {
  const say = useWords(momentWords);
  const sayKind = useWords(kindWords);
  const formats = useFormats();
  const [shown, setShown] = useState<Kind | "all">("deleted");
  const counts = useQuery(countsOf(moment.id, module.name));
  const label = (kind: Kind) =>
    counts.data === undefined ? sayKind[kind] : `${sayKind[kind]} ${formats.number(counts.data[kind])}`;
  return (
    <section className={styles.part} aria-label={say.differences}>
      <SegmentedControl
        aria-label={say.whichOnes}
        value={shown}
        onChange={(next) => setShown(next as Kind | "all")}
        data={[
          ...kinds.map((kind) => ({ value: kind, label: label(kind) })),
          { value: "all", label: say.allThen },
        ]}
      />
      {counts.isError && <Trouble error={counts.error} onRetry={() => void counts.refetch()} />}
      {shown === "all" ? (
        <AllThen moment={moment} module={module} />
      ) : (
        <Differences key={shown} moment={moment} module={module} kind={shown} count={counts.data?.[shown]} />
      )}
    </section>
  );
}
