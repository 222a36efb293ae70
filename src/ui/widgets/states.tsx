import { Button, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useReason } from "../session/notices.tsx";
import { commonWords } from "../words/common.words.ts";
import { useWords } from "../words/words.ts";
import styles from "./widgets.module.css";

/** Nothing is here yet, and the first useful thing to do. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <div>{children}</div>
      {action}
    </div>
  );
}

export function Trouble({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const say = useWords(commonWords);
  const reason = useReason(error);
  return (
    <div className={styles.empty} role="alert">
      <div>{reason}</div>
      {onRetry && <Button onClick={onRetry}>{say.tryAgain}</Button>}
    </div>
  );
}

/** The shape of what is coming, so that nothing jumps when it arrives. */
export function Skeletons({ rows, height = 14 }: { rows: number; height?: number }) {
  const say = useWords(commonWords);
  return (
    <div className={styles.skeletons} role="status" aria-label={say.loading}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} width={`${88 - ((row * 17) % 40)}%`} />
      ))}
    </div>
  );
}
