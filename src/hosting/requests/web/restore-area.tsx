import { Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Empty, Skeletons, Trouble, useWords } from "#ui/index.ts";
import { AskForm } from "./ask-form.tsx";
import { momentsKey, OpenMoments } from "#features/take-back/web/index.ts";
import { RequestsPanel } from "./requests-panel.tsx";
import { allRequests, isOpen, windowOf } from "./restore-query.ts";
import { restoreWords } from "./restore.words.ts";
import { useSpan } from "./span.ts";
import { WindowPanel } from "./window-panel.tsx";

/** The way back: what happened when, what a moment would cost, and what was asked and done. */
export function RestoreArea() {
  const say = useWords(restoreWords);
  const { span } = useSpan();
  const requests = useQuery(allRequests);
  const window = useQuery(windowOf(span, requests.data?.isKept === true));
  const client = useQueryClient();
  const open = requests.data?.items.find(isOpen);
  const isAsked = open !== undefined;
  // What was asked for may be a moment, which is open when the asking is over.
  useEffect(() => {
    if (!isAsked) void client.invalidateQueries({ queryKey: momentsKey });
  }, [client, isAsked]);
  // While a restore switches, an answer may fail once; what was there before stays on the page.
  const isFirst = window.data === undefined || requests.data === undefined;
  if (isFirst && (window.isError || requests.isError))
    return (
      <Trouble
        error={requests.error ?? window.error}
        onRetry={() => {
          void requests.refetch();
          void window.refetch();
        }}
      />
    );
  if (requests.data?.isKept === false) return <Empty>{say.nothingKept}</Empty>;
  if (window.data === undefined || requests.data === undefined) return <Skeletons rows={10} />;
  const { items, withoutApproval } = requests.data;
  return (
    <Stack maw={1120} gap="md">
      {open && <RequestsPanel items={[open]} withoutApproval={withoutApproval} isCurrent />}
      <WindowPanel window={window.data} />
      <OpenMoments hidesEmpty />
      <AskForm window={window.data} withoutApproval={withoutApproval} isOpen={isAsked} />
      <RequestsPanel items={items.filter((each) => each !== open)} withoutApproval={withoutApproval} />
    </Stack>
  );
}
