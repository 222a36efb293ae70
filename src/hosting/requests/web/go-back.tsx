import { Button, Group, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ask, Refused, useWords } from "#ui/index.ts";
import { restoreKey, type Request } from "./restore-query.ts";
import { restoreWords } from "./restore.words.ts";

/** The way back from a restore, as long as what was there before is kept. */
export function GoBack({ request, withoutApproval }: { request: Request; withoutApproval: boolean }) {
  const say = useWords(restoreWords);
  const client = useQueryClient();
  const [reason, setReason] = useState<string>();
  const back = useMutation({
    mutationFn: () => ask("POST", `/api/restores/${request.id}/back`, { body: { reason } }),
    onSuccess: async () => {
      setReason(undefined);
      await client.invalidateQueries({ queryKey: restoreKey });
    },
  });
  const action = withoutApproval ? say.back : say.backAsk;
  if (reason === undefined)
    return (
      <div>
        <Button onClick={() => setReason("")}>{action}…</Button>
      </div>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        back.mutate();
      }}
    >
      <Refused error={back.error} />
      <Group align="end" gap="xs">
        <TextInput
          label={say.reason}
          required
          maxLength={500}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button type="submit" variant="filled" loading={back.isPending} disabled={reason.trim() === ""}>
          {action}
        </Button>
      </Group>
    </form>
  );
}
