import { SegmentedControl, Tabs } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
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
import { MomentBanner } from "./moment-banner.tsx";
import { countsOf, kinds, openMoments, type Counts, type Kind, type Moment } from "./moment-query.ts";
import styles from "./moment.module.css";
import { kindWords, momentWords } from "./moment.words.ts";
import { TakeBacks } from "./take-backs.tsx";
import { useMomentSearch } from "./use-moment-search.ts";

/** A moment beside the present: what differs, module by module, and the way to take it back. */
export function MomentPage() {
  const say = useWords(momentWords);
  const { momentId } = useParams({ strict: false }) as { momentId: string };
  const query = useQuery(openMoments);
  if (query.isError && !query.data)
    return <Trouble error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeletons rows={8} />;
  const moment = query.data.find(({ id }) => id === momentId);
  if (moment === undefined)
    return <Empty action={<Link to="/moments">{say.title}</Link>}>{say.closedMeanwhile}</Empty>;
  return <Opened moment={moment} />;
}

function Opened({ moment }: { moment: Moment }) {
  const say = useWords(momentWords);
  const formats = useFormats();
  const modules = useModules();
  const { of } = useMomentSearch();
  const counts = useQueries({ queries: modules.map(({ name }) => countsOf(moment.id, name)) });
  const first = modules.findIndex((_, index) => differing(counts[index]?.data) > 0);
  const module = modules.find(({ path }) => path === of) ?? modules[first] ?? modules[0];
  if (!module) return null;
  return (
    <>
      <MomentBanner moment={moment} />
      <PageHead title={say.asOf(formats.exact(moment.at))} />
      <ModuleTabs module={module} counts={counts.map(({ data }) => data)} />
      <div className={styles.scroll}>
        <TakeBacks momentId={moment.id} />
        <OfModule key={module.name} moment={moment} module={module} />
      </div>
    </>
  );
}

type TabsProps = { module: Module; counts: (Counts | undefined)[] };

/** Every module with how many of its records differ, so that nobody has to look for them. */
function ModuleTabs({ module, counts }: TabsProps) {
  const say = useWords(momentWords);
  const formats = useFormats();
  const language = useLanguage();
  const { show } = useMomentSearch();
  return (
    <Tabs value={module.path} onChange={(path) => path !== null && show({ of: path, kind: undefined })}>
      <Tabs.List px={18} className={styles.modules ?? ""}>
        {useModules().map(({ path, words }, index) => {
          const count = differing(counts[index]);
          return (
            <Tabs.Tab key={path} value={path}>
              {words[language].many}
              {count > 0 && (
                <span className={styles.tally} title={say.differs(formats.number(count))}>
                  {formats.number(count)}
                </span>
              )}
            </Tabs.Tab>
          );
        })}
      </Tabs.List>
    </Tabs>
  );
}

function OfModule({ moment, module }: { moment: Moment; module: Module }) {
  const say = useWords(momentWords);
  const sayKind = useWords(kindWords);
  const formats = useFormats();
  const { kind: chosen, show } = useMomentSearch();
  const counts = useQuery(countsOf(moment.id, module.name));
  // Until somebody chooses, what differs comes before what does not.
  const shown = chosen ?? kinds.find((kind) => (counts.data?.[kind] ?? 0) > 0) ?? "deleted";
  const label = (kind: Kind) =>
    counts.data === undefined ? sayKind[kind] : `${sayKind[kind]} ${formats.number(counts.data[kind])}`;
  return (
    <section className={styles.part} aria-label={say.differences}>
      <SegmentedControl
        aria-label={say.whichOnes}
        value={shown}
        onChange={(next) => show({ of: module.path, kind: next as Kind | "all" })}
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

const differing = (counts: Counts | undefined): number =>
  counts === undefined ? 0 : kinds.reduce((sum, kind) => sum + counts[kind], 0);
