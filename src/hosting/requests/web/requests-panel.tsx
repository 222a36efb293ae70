import { Panel, Empty, useWords } from "#ui/index.ts";
import { RequestCard } from "./request-card.tsx";
import styles from "./restore.module.css";
import type { Request } from "./restore-query.ts";
import { restoreWords, stateWords } from "./restore.words.ts";

type Props = { items: Request[]; withoutApproval: boolean; isCurrent?: boolean };

export function RequestsPanel({ items, withoutApproval, isCurrent = false }: Props) {
  const say = useWords(restoreWords);
  const sayState = useWords(stateWords);
  const [first] = items;
  if (isCurrent && first === undefined) return null;
  return (
    <Panel title={isCurrent && first ? sayState[first.state] : say.requests}>
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
