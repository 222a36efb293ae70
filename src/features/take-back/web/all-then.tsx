import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Empty, Skeletons, Trouble, useWords, type CrmRecord, type Module } from "#ui/index.ts";
import { titleOf } from "#features/fields/web/index.ts";
import { allOf, type Moment } from "./moment-query.ts";
import styles from "./moment.module.css";
import { momentWords } from "./moment.words.ts";
import { ThenAndNow } from "./then-and-now.tsx";

/** Everything as it stood, by name, to be read only. */
export function AllThen({ moment, module }: { moment: Moment; module: Module }) {
  const say = useWords(momentWords);
  const query = useInfiniteQuery(allOf(moment.id, module));
  if (query.isError && !query.data)
    return <Trouble error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeletons rows={6} />;
  const records = query.data.pages.flatMap(({ items }) => items);
  if (records.length === 0) return <Empty>{say.nothingThen}</Empty>;
  return (
    <>
      <ul className={styles.rows}>
        {records.map((record) => (
          <One key={record.id} moment={moment} module={module} record={record} />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {say.more}
        </Button>
      )}
    </>
  );
}

function One({ moment, module, record }: { moment: Moment; module: Module; record: CrmRecord }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <div className={styles.row}>
        <button type="button" className={styles.name} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {titleOf(module, record)}
        </button>
        <span className="quiet">{record.responsible?.name}</span>
      </div>
      {isOpen && <ThenAndNow moment={moment} module={module} id={record.id} />}
    </li>
  );
}
