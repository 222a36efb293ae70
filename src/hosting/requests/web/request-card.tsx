import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  ask,
  Box,
  tellDone,
  tellRefused,
  useFormats,
  useLanguage,
  useWords,
  type Formats,
} from "#ui/index.ts";
import { GoBack } from "./go-back.tsx";
import { Outcome } from "./outcome.tsx";
import { Progress } from "./progress.tsx";
import styles from "./restore.module.css";
import { isAtWork, restoreKey, type Request } from "./restore-query.ts";
import { restoreWords, stateWords } from "./restore.words.ts";

type Props = { request: Request; withoutApproval: boolean };

/** One request: what was asked by whom, how far it is, and what came of it. */
export function RequestCard({ request, withoutApproval }: Props) {
  const say = useWords(restoreWords);
  const sayState = useWords(stateWords);
  const formats = useFormats();
  const { state, askedBy, askedAt, reason, because } = request;
  return (
    <li className={styles.card}>
      <div className={styles.cardHead}>
        <b>{titleOf(request, say, formats)}</b>
        <span className={styles.state} data-state={state}>
          {sayState[state]}
        </span>
        <span className="quiet">{say.askedBy(askedBy ?? say.byHost, formats.instant(askedAt))}</span>
      </div>
      {reason && <p className={styles.reason}>{reason}</p>}
      {state === "refused" && because && <Box tone="warn">{because}</Box>}
      {state === "failed" && (
        <Box tone="bad" role="alert">
          {say.failed}
        </Box>
      )}
      {state === "asked" && <span role="status">{say.asked}</span>}
      {isAtWork(request) && <Progress request={request} />}
      {(state === "asked" || state === "approved") && <Cancel request={request} />}
      {state === "done" && <Outcome request={request} />}
      {request.mayGoBack && <GoBack request={request} withoutApproval={withoutApproval} />}
    </li>
  );
}

function titleOf(
  { kind, target, newKey }: Request,
  say: ReturnType<typeof useWords<typeof restoreWords>>,
  formats: Formats,
): string {
  const at = target === null ? "" : formats.exact(target);
  if (kind === "back") return say.toBack;
  if (kind === "moment") return say.toBeside(at);
  return kind === "copy" ? say.toCopy(at, newKey ?? "") : say.toMoment(at);
}

function Cancel({ request }: { request: Request }) {
  const say = useWords(restoreWords);
  const language = useLanguage();
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => ask("POST", `/api/restores/${request.id}/cancel`),
    onSuccess: () => tellDone(say.cancelled, language),
    onError: (error) => tellRefused(error, language),
    onSettled: () => client.invalidateQueries({ queryKey: restoreKey }),
  });
  return (
    <div>
      <Button loading={cancel.isPending} onClick={() => cancel.mutate()}>
        {say.cancelRequest}
      </Button>
    </div>
  );
}
