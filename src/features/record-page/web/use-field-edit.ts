import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  cachedRecord,
  editName,
  isUnread,
  sameValue,
  saveEdit,
  showRecord,
  tellDone,
  useDraft,
  useLanguage,
  useWords,
  type CrmRecord,
  type Edit,
  type Field,
  type Module,
  type Value,
} from "#ui/index.ts";
import { recordWords } from "./record.words.ts";

/**
 * One field being edited. What is typed is kept until it is saved or given up. If the field was changed by
 * somebody else since editing began, nothing is overwritten before the user has said so.
 */
export function useFieldEdit(module: Module, field: Field, record: CrmRecord) {
  const say = useWords(recordWords);
  const language = useLanguage();
  const client = useQueryClient();
  const current = record[field.name] ?? null;
  const start: Edit = { value: current, base: current, state: "typing" };
  const [edit, keep, forget, kept] = useDraft<Edit>(editName(module.name, record.id, field.name), start);
  const [error, setError] = useState<unknown>();
  const waiting = kept && edit.state === "waiting";
  const show = (value: Value) => showRecord(client, module.name, record.id, { [field.name]: value });

  const send = async (value: Value, base: Value) => {
    setError(undefined);
    const sent = await saveEdit(client, module, record, { field: field.name, value, base });
    if (sent.outcome === "refused") setError(sent.error);
    if (sent.outcome !== "saved") return;
    tellDone(say.saved(field.words[language]), language, () => {
      void saveEdit(client, module, record, { field: field.name, value: base, base: value });
    });
  };
  const stop = () => {
    if (waiting) show(edit.base);
    forget();
    setError(undefined);
  };
  return {
    editing: kept && !waiting,
    waiting,
    conflict: kept && edit.state === "conflict",
    typed: edit.value,
    error,
    start: () => {
      if (waiting) show(edit.base);
      keep(waiting ? { ...edit, state: "typing" } : start);
    },
    type: (value: Value) => keep({ ...edit, value }),
    stop,
    save: (value: Value = edit.value) => {
      if (isUnread(value)) return;
      if (sameValue(value, edit.base)) return stop();
      const known = cachedRecord(client, module.name, record.id)?.[field.name] ?? null;
      if (sameValue(known, edit.base)) void send(value, edit.base);
      else keep({ ...edit, value, state: "conflict" });
    },
    overwrite: () => void send(edit.value, current),
  };
}
