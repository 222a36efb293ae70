import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  ask,
  hideRecord,
  keys,
  showRecord,
  tellDone,
  tellRefused,
  useLanguage,
  useModules,
  useWords,
  type CrmRecord,
  type Module,
} from "#ui/index.ts";
import { titleOf } from "#features/fields/web/index.ts";
import { recordWords } from "./record.words.ts";

/** Into the bin and out of it. Each can be taken back by the other. */
export function useBin(module: Module) {
  const say = useWords(recordWords);
  const language = useLanguage();
  const modules = useModules();
  const client = useQueryClient();
  const refused = (error: unknown) => tellRefused(error, language, modules);
  const refresh = async (record: CrmRecord) => {
    showRecord(client, module.name, record.id, record);
    await client.invalidateQueries({ queryKey: keys.module(module.name) });
    await client.invalidateQueries({ queryKey: keys.home });
  };
  const restore = useMutation({
    mutationFn: ({ id, version }: CrmRecord) =>
      ask<CrmRecord>("POST", `/api/${module.path}/${id}/restore`, { version }),
    onError: refused,
    onSuccess: async (record) => {
      tellDone(say.restored(titleOf(module, record)), language);
      await refresh({ ...record, deletedAt: null });
    },
  });
  const bin = useMutation({
    mutationFn: ({ id, version }: CrmRecord) =>
      ask<CrmRecord>("DELETE", `/api/${module.path}/${id}`, { version }),
    onError: refused,
    onSuccess: async (record) => {
      hideRecord(client, module.name, record.id);
      tellDone(say.inBin(titleOf(module, record)), language, () => restore.mutate(record));
      void refresh(record);
    },
  });
  return { bin, restore };
}
