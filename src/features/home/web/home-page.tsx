import { useQuery } from "@tanstack/react-query";
import {
  ask,
  keys,
  PageHead,
  Skeletons,
  Trouble,
  useModule,
  useNow,
  useSession,
  useWords,
  type CrmRecord,
  type StageSum,
} from "#ui/index.ts";
import { MyActivities } from "./my-activities.tsx";
import { Pipeline } from "./pipeline.tsx";
import styles from "./home.module.css";
import { homeWords } from "./home.words.ts";
import { WonByMonth, type MonthSum } from "./won-by-month.tsx";

export type Home = { activities: CrmRecord[]; overdue: number; pipeline: StageSum[]; wonByMonth: MonthSum[] };

export function HomePage() {
  const say = useWords(homeWords);
  const { user } = useSession();
  const activity = useModule("activity");
  const opportunity = useModule("opportunity");
  const query = useQuery({
    queryKey: keys.home,
    queryFn: ({ signal }) => ask<Home>("GET", "/api/home", { signal }),
  });
  const hour = useNow().getHours();
  const greeting = hour < 11 ? say.morning : hour < 18 ? say.day : say.evening;
  return (
    <>
      <PageHead title={greeting(user.fullName.split(" ")[0] ?? user.fullName)} />
      <div className="page" style={{ paddingTop: 4 }}>
        {query.isPending && <Skeletons rows={12} />}
        {query.isError && <Trouble error={query.error} onRetry={() => void query.refetch()} />}
        {query.data && (
          <div className={styles.grid}>
            {activity && (
              <MyActivities
                module={activity}
                activities={query.data.activities}
                overdue={query.data.overdue}
              />
            )}
            {opportunity && <Pipeline module={opportunity} pipeline={query.data.pipeline} />}
            {opportunity && <WonByMonth months={query.data.wonByMonth} />}
          </div>
        )}
      </div>
    </>
  );
}
