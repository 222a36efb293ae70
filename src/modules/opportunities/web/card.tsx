import { Draggable } from "@hello-pangea/dnd";
import { Link } from "@tanstack/react-router";
import { dayHere, useFormats, useNow, useWords, type CrmRecord, type Module } from "#ui/index.ts";
import { nameOf, titleOf } from "#features/fields/web/index.ts";
import { useListSearch } from "#features/address/web/index.ts";
import { useJustChanged } from "#features/stream/web/index.ts";
import styles from "./board.module.css";
import { boardWords } from "./board.words.ts";

type Props = { module: Module; card: CrmRecord; index: number; isOpen: boolean; mayMove: boolean };

export function Card({ module, card, index, isOpen, mayMove }: Props) {
  const say = useWords(boardWords);
  const formats = useFormats();
  const search = useListSearch();
  const changed = useJustChanged(module.name, card.id);
  const organisation = nameOf(card["organisation"]);
  const product = nameOf(card["product"]);
  const name = organisation || titleOf(module, card);
  const value = card["value"];
  const currency = typeof card["currency"] === "string" ? card["currency"] : null;
  return (
    <Draggable draggableId={card.id} index={index} isDragDisabled={!mayMove}>
      {(drag, { isDragging }) => (
        <div
          ref={drag.innerRef}
          {...drag.draggableProps}
          {...drag.dragHandleProps}
          // Not a button: there is a link in it.
          role="group"
          className={styles.card}
          aria-label={titleOf(module, card)}
          data-dragging={isDragging}
          data-on={isOpen}
          data-changed={changed}
        >
          <Link
            to="/$module/$id"
            params={{ module: module.path, id: card.id }}
            search={{ ...search }}
            draggable={false}
          >
            <span className={styles.name}>{name}</span>{" "}
            {product !== name && <span className="quiet">{product}</span>}
          </Link>
          <div className={styles.line}>
            <span>{typeof value === "number" ? formats.money(value, currency) : say.noValue}</span>
            <Due card={card} />
          </div>
          <div className={styles.line}>{nameOf(card.responsible)}</div>
        </div>
      )}
    </Draggable>
  );
}

const dayMilliseconds = 86_400_000;
const nearDays = 30;

/** When it closes: near days in words, far ones as a date; late only while the deal is open. */
function Due({ card }: { card: CrmRecord }) {
  const say = useWords(boardWords);
  const formats = useFormats();
  const now = useNow();
  const closesOn = card["closesOn"];
  if (typeof closesOn !== "string") return <span>{say.noDate}</span>;
  const today = Date.parse(dayHere(now));
  const days = Math.round((Date.parse(closesOn) - today) / dayMilliseconds);
  const isOpen = card["stage"] !== "won" && card["stage"] !== "lost";
  if (Math.abs(days) > nearDays) return <span>{formats.day(closesOn)}</span>;
  if (days < 0 && isOpen)
    return <span className={styles.late}>{days === -1 ? say.lateOne : say.late(-days)}</span>;
  return <span>{formats.daysAway(days)}</span>;
}
