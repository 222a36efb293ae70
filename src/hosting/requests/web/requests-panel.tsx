import { Panel, Empty, useWords } from "#ui/index.ts";
import { RequestCard } from "./request-card.tsx";
import styles from "./restore.module.css";
import type { Request } from "./restore-query.ts";
import { restoreWords } from "./restore.words.ts";

type Props = { items: Request[]; withoutApproval: boolean; isCurrent?: boolean };

export function RequestsPanel({ items, withoutApproval, isCurrent = false }: Props) {
  const say = useWords(restoreWords);
  return (
    <Panel title={isCurrent ? say.current : say.requests}>
      {items.length === 0 ? (
        <Empty>{say.noRequests}</Empty>
      ) : (
        <ul className={styles.cards}>
          {items.map((request) => (
            <RequestCard key={request.id} request={request} withoutApproval={withoutApproval} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
