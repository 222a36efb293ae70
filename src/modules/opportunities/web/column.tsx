import { Droppable } from "@hello-pangea/dnd";
import { Link } from "@tanstack/react-router";
import { Meter, useFormats, useWords, type BoardStage, type CrmRecord, type Module } from "#ui/index.ts";
import { useListSearch } from "#features/address/web/index.ts";
import styles from "./board.module.css";
import { boardWords } from "./board.words.ts";
import { Card } from "./card.tsx";

type Props = {
  module: Module;
  stage: BoardStage;
  name: string;
  share: number;
  openId: string | undefined;
  mayMove: (card: CrmRecord) => boolean;
};

export function Column({ module, stage, name, share, openId, mayMove }: Props) {
  const say = useWords(boardWords);
  const formats = useFormats();
  const { filter } = useListSearch();
  const count = `${formats.number(stage.count)}${stage.exact ? "" : "+"}`;
  const sums = Object.entries(stage.totals ?? {}).filter(([, sum]) => sum !== 0);
  const value = sums.map(([currency, sum]) => `${formats.short(sum)} ${currency}`.trim()).join(", ") || "—";
  const inStage = { field: "stage", op: "in", value: [stage.stage] };
  return (
    <section className={styles.column} aria-label={name}>
      <h2 className={styles.columnHead}>
        {name}
        <span title={sums.map(([currency, sum]) => formats.money(sum, currency)).join(", ")}>
          {stage.exact ? `${count} · ${value}` : count}
        </span>
      </h2>
      <Meter share={share} label={name} />
      <Droppable droppableId={stage.stage}>
        {(drop, { isDraggingOver }) => (
          <div
            ref={drop.innerRef}
            {...drop.droppableProps}
            className={styles.cards}
            data-over={isDraggingOver}
          >
            {stage.items.map((card, index) => (
              <Card
                key={card.id}
                module={module}
                card={card}
                index={index}
                isOpen={card.id === openId}
                mayMove={mayMove(card)}
              />
            ))}
            {drop.placeholder}
            {stage.items.length === 0 && <span className="quiet">{say.empty}</span>}
            {stage.count > stage.items.length && (
              <Link
                className={`quiet ${styles.all}`}
                to="/$module"
                params={{ module: module.path }}
                search={{ filter: filter ? { and: [filter, inStage] } : inStage }}
              >
                {say.showAll(count)}
              </Link>
            )}
          </div>
        )}
      </Droppable>
    </section>
  );
}
