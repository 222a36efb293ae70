import { Button, Group, Radio, Stack, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, ask, Box, Panel, Refused, useWords } from "#ui/index.ts";
import { localOf, momentsOf, offsetWords } from "./local-moment.ts";
import { restoreKey, type Window } from "./restore-query.ts";
import { restoreWords } from "./restore.words.ts";
import styles from "./restore.module.css";
import { SinceThen } from "./since-then.tsx";
import { useSpan } from "./span.ts";

type Props = { window: Window; withoutApproval: boolean; isOpen: boolean };
const settledMilliseconds = 350;

/** The moment to the second, what it would cost, and why: then it can be asked for. */
export function AskForm({ window, withoutApproval, isOpen }: Props) {
  const say = useWords(restoreWords);
  const { at } = useSpan();
  const [reason, setReason] = useState("");
  const [kind, setKind] = useState<"moment" | "switch">("moment");
  const client = useQueryClient();
  const [settled] = useDebouncedValue(at, settledMilliseconds);
  const send = useMutation({
    mutationFn: () => ask("POST", "/api/restores", { body: { kind, target: at, reason } }),
    onSuccess: async () => {
      setReason("");
      await client.invalidateQueries({ queryKey: restoreKey });
    },
  });
  const refusedField = send.error instanceof ApiError ? send.error.about("reason") : undefined;
  return (
    <Panel title={say.goBack}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <Stack gap="sm">
          <div className={styles.two}>
            <MomentField key={at} />
            <SinceThen moment={settled} isSettled={settled === at} isLost={kind === "switch"} />
          </div>
          <Radio.Group label={say.what} value={kind} onChange={(value) => setKind(value as typeof kind)}>
            <Radio value="moment" label={say.beside} mt={4} />
            <Radio value="switch" label={say.instead} mt={4} />
          </Radio.Group>
          <Textarea
            label={say.reason}
            description={withoutApproval ? undefined : say.reasonHint}
            required
            autosize
            minRows={2}
            maxLength={500}
            value={reason}
            error={refusedField}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {!refusedField && <Refused error={send.error} />}
          <Group justify="space-between">
            <span className="quiet">
              {kind === "moment" ? say.besideHint : say.keptHint(window.keepDays)}
            </span>
            <Button
              type="submit"
              variant="filled"
              loading={send.isPending}
              disabled={at === undefined || isOpen || reason.trim() === ""}
            >
              {kind === "moment"
                ? withoutApproval
                  ? say.openBeside
                  : say.askBeside
                : withoutApproval
                  ? say.restoreNow
                  : say.ask}
            </Button>
          </Group>
          {isOpen && <Box>{say.openNow}</Box>}
        </Stack>
      </form>
    </Panel>
  );
}

/** A local time, unless the clocks skip it; where it comes twice, which of both. */
function MomentField() {
  const say = useWords(restoreWords);
  const { at, choose } = useSpan();
  const [local, setLocal] = useState(at === undefined ? "" : localOf(new Date(at)));
  const moments = momentsOf(local);
  const change = (text: string) => {
    setLocal(text);
    const [first] = momentsOf(text);
    if (first !== undefined) choose(first);
  };
  return (
    <Stack gap={6}>
      <TextInput
        type="datetime-local"
        step={1}
        label={say.moment}
        value={local}
        error={local !== "" && moments.length === 0 ? say.skipped : undefined}
        onChange={(event) => setLocal(event.currentTarget.value)}
        onBlur={(event) => change(event.currentTarget.value)}
      />
      {moments.length > 1 ? (
        <Radio.Group label={say.twice} value={at ?? ""} onChange={(value) => choose(new Date(value))}>
          {moments.map((moment) => (
            <Radio key={moment.getTime()} value={moment.toISOString()} label={offsetWords(moment)} mt={4} />
          ))}
        </Radio.Group>
      ) : (
        at && <span className="quiet">{offsetWords(new Date(at))}</span>
      )}
    </Stack>
  );
}
