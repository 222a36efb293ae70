import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  ask,
  commonWords,
  keys,
  Refused,
  useFormats,
  useLanguage,
  useWords,
  type Module,
} from "#ui/index.ts";
import { momentsKey, takeBacksKey, type Difference, type Moment, type TakeBack } from "./moment-query.ts";
import { momentWords } from "./moment.words.ts";

/** As many as one request takes; a job takes what was deleted, however many. */
const chosenMax = 500;

type Props = {
  moment: Moment;
  module: Module;
  /** Without them, everything of the module that was deleted. */
  items: Difference[] | undefined;
  count: number | undefined;
  onClose: () => void;
  onDone: () => void;
};

/** Says in numbers what will be changed, and that it can be undone, before it is. */
export function TakeBackDialog({ moment, module, items, count, onClose, onDone }: Props) {
  const say = useWords(momentWords);
  const sayCommon = useWords(commonWords);
  const formats = useFormats();
  const language = useLanguage();
  const client = useQueryClient();
  const { one, many } = module.words[language];
  const what = (count === 1 ? one : many).toLowerCase();
  const take = useMutation({
    mutationFn: () =>
      items === undefined
        ? ask<TakeBack>("POST", `/api/moments/${moment.id}/take-back-deleted`, {
            body: { module: module.name },
          })
        : ask<TakeBack>("POST", `/api/moments/${moment.id}/take-back`, {
            body: { items: items.map(({ id, version }) => ({ module: module.name, id, version })) },
          }),
    onSuccess: async () => {
      onDone();
      onClose();
      await Promise.all(
        [momentsKey, takeBacksKey, keys.module(module.name)].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      );
    },
  });
  const isTooMany = items !== undefined && items.length > chosenMax;
  const number = count === undefined ? "" : formats.number(count);
  const fields = items?.reduce((sum, item) => sum + item.fields.length, 0) ?? 0;
  const changed = items?.filter(({ kind }) => kind === "changed").length ?? 0;
  return (
    <Modal opened onClose={onClose} title={say.takeBackTitle(number, what)} size={460}>
      <Stack>
        <span>
          {changed > 0
            ? say.willBeChanged(formats.exact(moment.at), formats.number(fields))
            : say.willComeBack(formats.exact(moment.at))}
        </span>
        <span className="quiet">{say.sameRights}</span>
        {isTooMany && <span role="alert">{say.tooMany(formats.number(chosenMax))}</span>}
        <Refused error={take.error} />
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {sayCommon.cancel}
          </Button>
          <Button
            variant="filled"
            disabled={isTooMany}
            loading={take.isPending}
            onClick={() => take.mutate()}
          >
            {say.takeBack}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
