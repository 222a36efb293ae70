import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  ask,
  commonWords,
  hideRecord,
  keys,
  Refused,
  tellDone,
  useLanguage,
  useWords,
  type CrmRecord,
  type Module,
} from "#ui/index.ts";
import { titleOf } from "#features/fields/web/index.ts";
import { binWords } from "./bin.words.ts";

type Props = { module: Module; record: CrmRecord; onClose: () => void };

/** Says what will be gone and what stays before it cannot be taken back. */
export function EraseDialog({ module, record, onClose }: Props) {
  const say = useWords(binWords);
  const sayCommon = useWords(commonWords);
  const language = useLanguage();
  const client = useQueryClient();
  const title = titleOf(module, record);
  const erase = useMutation({
    mutationFn: () => ask("POST", `/api/${module.path}/${record.id}/erase`, { version: record.version }),
    onSuccess: async () => {
      hideRecord(client, module.name, record.id);
      tellDone(say.erased(title), language);
      onClose();
      await client.invalidateQueries({ queryKey: keys.module(module.name) });
    },
  });
  return (
    <Modal opened onClose={onClose} title={say.eraseNamed(title)} size={440}>
      <Stack>
        <span>{say.eraseHint}</span>
        <span className="quiet">{say.eraseStays}</span>
        <Refused error={erase.error} />
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {sayCommon.cancel}
          </Button>
          <Button color="red" variant="filled" loading={erase.isPending} onClick={() => erase.mutate()}>
            {say.eraseForGood}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
