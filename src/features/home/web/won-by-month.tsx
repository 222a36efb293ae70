import { Empty, Panel, useFormats, useWords } from "#ui/index.ts";
import styles from "./home.module.css";
import { homeWords } from "./home.words.ts";

export type MonthSum = { month: string; count: number; totals: Record<string, number> };

const heightPixels = 120;

/** What was won in each month; the height is the sum, all currencies as they are. */
export function WonByMonth({ months }: { months: MonthSum[] }) {
  const say = useWords(homeWords);
  const formats = useFormats();
  const sumOf = ({ totals }: MonthSum) => Object.values(totals ?? {}).reduce((sum, value) => sum + value, 0);
  const most = Math.max(1, ...months.map(sumOf));
  return (
    <Panel title={say.won}>
      {months.length === 0 ? (
        <Empty>{say.nothingWon}</Empty>
      ) : (
        <ul className={styles.trend}>
          {months.map((month) => (
            <li key={month.month} className={styles.month}>
              <b>{formats.short(sumOf(month))}</b>
              <div
                className={styles.bar}
                style={{ height: Math.round((sumOf(month) / most) * heightPixels) }}
              />
              <span>{formats.month(month.month)}</span>
              <span>{say.deals(formats.number(month.count))}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
