import { Link } from "@tanstack/react-router";
import { Meter, Panel, useFormats, useLanguage, useWords, type Module, type StageSum } from "#ui/index.ts";
import { fieldNamed } from "#features/fields/web/index.ts";
import styles from "./home.module.css";
import { homeWords } from "./home.words.ts";

/** How much stands in each stage, as bars of its count. */
export function Pipeline({ module, pipeline }: { module: Module; pipeline: StageSum[] }) {
  const say = useWords(homeWords);
  const language = useLanguage();
  const formats = useFormats();
  const most = Math.max(1, ...pipeline.map(({ count }) => count));
  const choices = fieldNamed(module, "stage")?.choices ?? [];
  return (
    <Panel>
      <div className={styles.titled}>
        <h2>{say.pipeline}</h2>
        <Link className="quiet" to="/$module" params={{ module: module.path }} search={{ view: "board" }}>
          {say.openBoard}
        </Link>
      </div>
      {pipeline.map(({ stage, count, exact, totals }) => {
        const name = choices.find(({ value }) => value === stage)?.words[language] ?? stage;
        const sums = Object.entries(totals ?? {}).filter(([, sum]) => sum > 0);
        return (
          <Link
            key={stage}
            className={styles.stage}
            to="/$module"
            params={{ module: module.path }}
            search={{ filter: { field: "stage", op: "in", value: [stage] } }}
          >
            <span>{name}</span>
            <span className="quiet">
              {[
                `${formats.number(count)}${exact ? "" : "+"}`,
                ...sums.map(([currency, sum]) => formats.money(Math.round(sum), currency)),
              ].join(" · ")}
            </span>
            <Meter share={count / most} label={name} />
          </Link>
        );
      })}
    </Panel>
  );
}
