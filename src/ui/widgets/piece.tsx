import { Button } from "@mantine/core";
import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { CatchBoundary } from "@tanstack/react-router";
import { Suspense, useEffect, type ReactNode } from "react";
import { ApiError } from "../api/ask.ts";
import { isConnected, onConnection, serverAnswers } from "../api/connection.ts";
import { useReason } from "../session/notices.tsx";
import { commonWords } from "../words/common.words.ts";
import { useWords } from "../words/words.ts";
import { forgetFailures, PartMissing } from "./part.tsx";
import styles from "./widgets.module.css";

type Props = {
  children: ReactNode;
  /** Shown until what is in it has been fetched. */
  waiting?: ReactNode;
  /** What is shown in it: something else starts anew. */
  of?: string;
  /** For what opens over the page and has no place in it. */
  floating?: boolean;
};

/** A piece of the page: what breaks in it stays in its place, with a way on, and the rest goes on. */
export function Piece({ children, waiting, of = "", floating = false }: Props) {
  return (
    <CatchBoundary getResetKey={() => of} errorComponent={floating ? FloatingBroken : Broken}>
      <Suspense fallback={waiting}>{children}</Suspense>
    </CatchBoundary>
  );
}

type BrokenProps = { error: unknown; reset: () => void };

/** What stands in the place of what broke. It comes back by itself when only the connection was lost. */
export function Broken({ error, reset }: BrokenProps) {
  const say = useWords(commonWords);
  const reason = useReason(error);
  const queries = useQueryErrorResetBoundary();
  const again = () => {
    forgetFailures();
    queries.reset();
    reset();
  };
  const passing = error instanceof ApiError && error.code === "offline";
  const missing = error instanceof PartMissing;
  useEffect(() => {
    if (passing || missing) return onConnection(() => isConnected() && again());
  });
  const press = async () => {
    // A file that did not come does not come to this page any more, but it does to a new one.
    if (missing && (await serverAnswers())) location.reload();
    else again();
  };
  return (
    <div className={styles.empty} role="alert">
      <div>{missing ? say.partMissing : reason}</div>
      <Button onClick={() => void press()}>{say.tryAgain}</Button>
    </div>
  );
}

const FloatingBroken = (props: BrokenProps) => (
  <div className={styles.floating}>
    <Broken {...props} />
  </div>
);
