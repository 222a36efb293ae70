import { Button, Checkbox, Group } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Empty, Skeletons, Trouble, useFormats, useWords, type Module } from "#ui/index.ts";
import { changesOf, type Difference, type Kind, type Moment } from "./moment-query.ts";
import styles from "./moment.module.css";
import { emptyWords, momentWords } from "./moment.words.ts";
import { TakeBackDialog } from "./take-back-dialog.tsx";
import { ThenAndNow, type Pair } from "./then-and-now.tsx";

type Props = { moment: Moment; module: Module; kind: Kind; count: number | undefined };

/** What differs in one way, to be looked at record by record and chosen. What is new can only be looked at. */
export function Differences({ moment, module, kind, count }: Props) {
  const say = useWords(momentWords);
  const sayEmpty = useWords(emptyWords);
  const formats = useFormats();
  const [chosen, setChosen] = useState<ReadonlyMap<string, Difference>>(new Map());
  const [asking, setAsking] = useState<"chosen" | "all">();
  const query = useInfiniteQuery(changesOf(moment.id, module.name, kind));
  if (query.isError && !query.data)
    return <Trouble error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeletons rows={6} />;
  const items = query.data.pages.flatMap((page) => page.items);
  if (items.length === 0 && !query.hasNextPage) return <Empty>{sayEmpty[kind]}</Empty>;
  const choose = (item: Difference, isChosen: boolean) => {
    const next = new Map(chosen);
    if (isChosen) next.set(item.id, item);
    else next.delete(item.id);
    setChosen(next);
  };
  const isAll = items.length > 0 && items.every(({ id }) => chosen.has(id));
  return (
    <>
      {kind !== "new" && (
        <Group className={styles.bar ?? ""} gap="sm">
          <Checkbox
            label={say.chooseShown(formats.number(items.length))}
            checked={isAll}
            indeterminate={!isAll && chosen.size > 0}
            onChange={() => setChosen(isAll ? new Map() : new Map(items.map((item) => [item.id, item])))}
          />
          <Button variant="filled" disabled={chosen.size === 0} onClick={() => setAsking("chosen")}>
            {chosen.size === 0 ? say.takeBack : say.takeBackSome(formats.number(chosen.size))}
          </Button>
          {kind === "deleted" && (
            <Button onClick={() => setAsking("all")}>
              {count === undefined ? say.takeBackAll : say.takeBackAllOf(formats.number(count))}
            </Button>
          )}
        </Group>
      )}
      <ul className={styles.rows}>
        {items.map((item) => (
          <Row
            key={item.id}
            moment={moment}
            module={module}
            item={item}
            isChosen={chosen.has(item.id)}
            onChoose={kind === "new" ? undefined : (isChosen) => choose(item, isChosen)}
          />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {say.more}
        </Button>
      )}
      {asking && (
        <TakeBackDialog
          moment={moment}
          module={module}
          items={asking === "chosen" ? [...chosen.values()] : undefined}
          count={asking === "chosen" ? chosen.size : count}
          onClose={() => setAsking(undefined)}
          onDone={() => setChosen(new Map())}
        />
      )}
    </>
  );
}

type RowProps = {
  moment: Moment;
  module: Module;
  item: Difference;
  isChosen: boolean;
  onChoose: ((isChosen: boolean) => void) | undefined;
};

function Row({ moment, module, item, isChosen, onChoose }: RowProps) {
  const say = useWords(momentWords);
  const formats = useFormats();
  const [isOpen, setOpen] = useState(false);
  const { name, changedAt, changedBy, fields } = item;
  const pair: Pair | undefined = item.kind === "changed" ? { fields } : undefined;
  return (
    <li>
      <div className={styles.row}>
        {onChoose && (
          <Checkbox
            aria-label={say.choose(name)}
            checked={isChosen}
            onChange={(event) => onChoose(event.currentTarget.checked)}
          />
        )}
        <button type="button" className={styles.name} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {name || say.nameless}
        </button>
        <span className="quiet">
          {changedAt !== null && say.lastBy(formats.instant(changedAt), changedBy ?? say.system)}
        </span>
      </div>
      {isOpen && <ThenAndNow moment={moment} module={module} id={item.id} pair={pair} />}
    </li>
  );
}
