import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ask, tellRefused, useLanguage, useModules } from "#ui/index.ts";
import { importKey, type Check, type Corrections, type Dialect, type Import } from "./import-shapes.ts";

type Changes = { dialect?: Dialect; mapping?: Import["mapping"]; corrections?: Corrections };

/** The steps before an import runs. Whatever is changed makes an earlier check void. */
export function usePrepare(one: Import) {
  const client = useQueryClient();
  const language = useLanguage();
  const modules = useModules();
  const [check, setCheck] = useState<Check>();
  const onError = (error: unknown) => tellRefused(error, language, modules);
  const put = (next: Import) => client.setQueryData(importKey(one.id), next);
  const change = useMutation({
    mutationFn: (changes: Changes) => ask<Import>("PATCH", `/api/imports/${one.id}`, { body: changes }),
    onMutate: (changes) => {
      setCheck(undefined);
      put({ ...one, ...changes });
    },
    onSuccess: put,
    onError: (error) => {
      put(one);
      onError(error);
    },
  });
  const tryOut = useMutation({
    mutationFn: () => ask<Check>("POST", `/api/imports/${one.id}/check`),
    onSuccess: setCheck,
    onError,
  });
  const run = useMutation({
    mutationFn: () => ask<Import>("POST", `/api/imports/${one.id}/run`),
    onSuccess: put,
    onError,
  });
  const correct = async (corrections: Corrections) => {
    await change.mutateAsync({ corrections });
    await tryOut.mutateAsync();
  };
  return { check, change, tryOut, run, correct };
}
