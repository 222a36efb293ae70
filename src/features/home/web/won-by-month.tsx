import { Empty, Panel, useFormats, useWords } from "#ui/index.ts";
import styles from "./home.module.css";
import { homeWords } from "./home.words.ts";

/** Counts and totals by currency; "" stands for none. One that is not exact is at least so much. */
export type MonthSum = {
  month: string;
  exact: boolean;
  counts: Record<string, number>;
  totals: Record<string, number>;
};

const heightPixels = 120;

/** What was won in each month: a row of bars for each currency, since sums of two cannot be added or compared. */
export function WonByMonth({ months }: { months: MonthSum[] }) {
  const say = useWords(homeWords);
  const currencies = [...new Set(months.flatMap(({ totals }) => Object.keys(totals)))].toSorted();
  return (
    <Panel title={say.won}>
      {months.length === 0 ? (
        <Empty>{say.nothingWon}</Empty>
      ) : (
        currencies.map((currency) => (
          <section key={currency} aria-label={currency || say.noCurrency}>
            {(currencies.length > 1 || currency === "") && (
              <h3 className={styles.currency}>{currency || say.noCurrency}</h3>
            )}
            <Trend months={months} currency={currency} />
          </section>
        ))
      )}
    </Panel>
  );
}

function Trend({ months, currency }: { months: MonthSum[]; currency: string }) {
  const say = useWords(homeWords);
  const formats = useFormats();
  const sumOf = ({ totals }: MonthSum) => totals[currency] ?? 0;
  const countOf = ({ counts }: MonthSum) => counts[currency] ?? 0;
  const more = ({ exact }: MonthSum) => (exact ? "" : "+");
  const most = Math.max(1, ...months.map(sumOf));
  return (
    <ul className={styles.trend}>
      {months.map((month) => (
        <li
          key={month.month}
          className={styles.month}
          title={`${formats.money(sumOf(month), currency)}${more(month)}`}
        >
          <b>{`${formats.short(sumOf(month))}${more(month)}`}</b>
          <div className={styles.bar} style={{ height: Math.round((sumOf(month) / most) * heightPixels) }} />
          <span>{formats.month(month.month)}</span>
          <span>{say.deals(countOf(month), `${formats.number(countOf(month))}${more(month)}`)}</span>
        </li>
      ))}
    </ul>
  );
}
