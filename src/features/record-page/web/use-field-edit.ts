import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  ApiError,
  cachedRecord,
  keys,
  sameValue,
  tellDone,
  useChangeRecord,
  useDraft,
  useLanguage,
  useWords,
  type CrmRecord,
  type Field,
  type Module,
  type Value,
} from "#ui/index.ts";
import { recordWords } from "./record.words.ts";

type Typed = { value: Value; base: Value };

/**
 * One field being edited. What is typed is kept until it is saved or given up. If the field was changed by
 * somebody else since editing began, nothing is overwritten before the user has said so.
 */
export function useFieldEdit(module: Module, field: Field, record: CrmRecord) {
  const say = useWords(recordWords);
  const language = useLanguage();
  const client = useQueryClient();
  const change = useChangeRecord(module, record.id);
  const current = record[field.name] ?? null;
  const [typed, keep, forget, editing] = useDraft<Typed>(`${module.name}.${record.id}.${field.name}`, {
    value: current,
    base: current,
  });
  const [conflict, setConflict] = useState(false);
  const [error, setError] = useState<unknown>();

  const send = (value: Value, version?: number) => {
    const before = current;
    forget();
    setError(undefined);
    setConflict(false);
    change.mutate(
      { id: record.id, changes: { [field.name]: value }, ...(version !== undefined && { version }) },
      {
        onSuccess: () =>
          tellDone(say.saved(field.words[language]), language, () =>
            change.mutate({ id: record.id, changes: { [field.name]: before } }),
          ),
        onError: (refusal) => {
          keep({ value, base: typed.base });
          const stale = refusal instanceof ApiError && refusal.status === 409 && refusal.code === "conflict";
          if (stale) void client.invalidateQueries({ queryKey: keys.record(module.name, record.id) });
          setConflict(stale);
          setError(stale ? undefined : refusal);
        },
      },
    );
  };
  const stop = () => {
    forget();
    setConflict(false);
    setError(undefined);
  };
  return {
    editing,
    typed: typed.value,
    conflict,
    error,
    start: () => keep({ value: current, base: current }),
    type: (value: Value) => keep({ ...typed, value }),
    stop,
    save: (value: Value = typed.value) => {
      if (sameValue(value, typed.base)) return stop();
      const known = cachedRecord(client, module.name, record.id)?.[field.name] ?? null;
      if (!sameValue(known, typed.base)) setConflict(true);
      else send(value);
    },
    overwrite: () => send(typed.value, cachedRecord(client, module.name, record.id)?.version),
  };
}
