import { Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  ask,
  commonWords,
  isUnread,
  keys,
  refreshAround,
  showRecord,
  tellDone,
  useLanguage,
  useWords,
  type CrmRecord,
  type Module,
  type Value,
  FormFoot,
  Refused,
  toWire,
} from "#ui/index.ts";
import { PersonSelect, TerritorySelect, titleOf } from "#features/fields/web/index.ts";
import { recordWords } from "./record.words.ts";

type Props = { module: Module; record: CrmRecord; onClose: () => void };

export function ReassignDialog({ module, record, onClose }: Props) {
  const say = useWords(recordWords);
  const sayCommon = useWords(commonWords);
  const [chosen, setChosen] = useState<Record<string, Value>>({});
  const reassign = useReassign(module, record, onClose);
  const standing = (name: "responsible" | "secondResponsible" | "territory") => ({
    label: sayCommon[name],
    value: name in chosen ? chosen[name] : record[name],
    onChange: (value: Value) => setChosen({ ...chosen, [name]: value }),
  });
  return (
    <Modal opened onClose={onClose} title={say.reassignTitle(titleOf(module, record))}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!Object.values(chosen).some(isUnread)) reassign.mutate(chosen);
        }}
      >
        <Stack>
          <PersonSelect {...standing("responsible")} />
          <PersonSelect {...standing("secondResponsible")} />
          <TerritorySelect {...standing("territory")} />
          <Text className="quiet">{say.reassignHint}</Text>
          <Refused error={reassign.error} />
          <FormFoot
            action={sayCommon.save}
            onCancel={onClose}
            busy={reassign.isPending}
            disabled={Object.keys(chosen).length === 0}
          />
        </Stack>
      </form>
    </Modal>
  );
}

function useReassign(module: Module, record: CrmRecord, onDone: () => void) {
  const say = useWords(recordWords);
  const language = useLanguage();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (chosen: Record<string, Value>) =>
      ask<CrmRecord>("POST", `/api/${module.path}/${record.id}/reassign`, {
        body: toWire(chosen),
        version: record.version,
      }),
    onSuccess: async (changed) => {
      showRecord(client, module.name, record.id, changed);
      tellDone(say.reassigned, language);
      onDone();
      // Whoever gave the record away may no longer see it, so its own page asks again too.
      await client.invalidateQueries({ queryKey: keys.record(module.name, record.id) });
      await refreshAround(client, module.name, record.id);
    },
  });
}
