import { Modal, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ask, commonWords, keys, tellDone, useLanguage, useWords, FormFoot, Refused } from "#ui/index.ts";
import { adminWords } from "./administration.words.ts";

export type Named = { id?: number; name: string; parent?: number | null; version?: number };
type Props = {
  path: "territories" | "groups";
  title: string;
  start: Named;
  /** Given for what stands in a tree. */
  parents?: { id: number; name: string; depth: number }[];
  onClose: () => void;
};

/** Makes or renames a territory or a group. */
export function NamedForm({ path, title, start, parents, onClose }: Props) {
  const say = useWords(adminWords);
  const sayCommon = useWords(commonWords);
  const [name, setName] = useState(start.name);
  const [parent, setParent] = useState(start.parent ?? null);
  const save = useSave(path, start, onClose);
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ name: name.trim(), ...(parents && { parent }) });
        }}
      >
        <Stack>
          <TextInput
            label={sayCommon.name}
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          {parents && (
            <Select
              label={say.under}
              clearable
              data={above(parents, start.id).map(({ id, name, depth }) => ({
                value: String(id),
                label: `${"  ".repeat(depth)}${name}`,
              }))}
              value={parent === null ? null : String(parent)}
              onChange={(next) => setParent(next === null ? null : Number(next))}
            />
          )}
          <Refused error={save.error} />
          <FormFoot action={sayCommon.save} onCancel={onClose} busy={save.isPending} />
        </Stack>
      </form>
    </Modal>
  );
}

/** All of a tree but one and what stands below it, parents before their children. */
function above<One extends { id: number; depth: number }>(tree: One[], id: number | undefined): One[] {
  const first = tree.findIndex((one) => one.id === id);
  const own = tree[first];
  if (!own) return tree;
  const next = tree.findIndex(({ depth }, index) => index > first && depth <= own.depth);
  return tree.toSpliced(first, (next < 0 ? tree.length : next) - first);
}

function useSave(path: Props["path"], start: Named, onDone: () => void) {
  const say = useWords(adminWords);
  const language = useLanguage();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; parent?: number | null }) => {
      if (start.id === undefined) return ask("POST", `/api/${path}`, { body });
      const based = start.version === undefined ? {} : { version: start.version };
      return ask("PATCH", `/api/${path}/${start.id}`, { body, ...based });
    },
    onSuccess: async (_saved, { name }) => {
      tellDone(say.saved(name), language);
      onDone();
      await client.invalidateQueries({ queryKey: keys[path] });
    },
  });
}
