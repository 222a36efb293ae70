import { Button, Drawer, Group, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import {
  ApiError,
  ask,
  isUnread,
  commonWords,
  keys,
  refreshAround,
  tellDone,
  toWire,
  useDraft,
  useLanguage,
  useModule,
  useSession,
  useWords,
  type CrmRecord,
  type Field,
  type Module,
  type Value,
  FormFoot,
  Refused,
} from "#ui/index.ts";
import { useCreateSearch } from "#features/address/web/index.ts";
import { FieldInput, fieldWords, titleOf } from "#features/fields/web/index.ts";
import styles from "./create.module.css";
import { createWords } from "./create.words.ts";
import { startValues } from "./start-values.ts";

/** Opened by the address, from wherever one stands. */
export default function CreateDrawer() {
  const { create } = useCreateSearch();
  const module = useModule(create?.module ?? "");
  const navigate = useNavigate();
  const say = useWords(createWords);
  const language = useLanguage();
  const close = () => void navigate({ to: ".", search: (now) => ({ ...now, create: undefined }) });
  return (
    <Drawer
      opened={module !== undefined}
      onClose={close}
      position="right"
      size={480}
      title={module && say.newOf(module.words[language].one.toLowerCase())}
    >
      {module && (
        <CreateForm key={module.name} module={module} given={create?.values ?? {}} onClose={close} />
      )}
    </Drawer>
  );
}

type Draft = { key: string; values: Record<string, Value> };
type FormProps = { module: Module; given: Record<string, Value>; onClose: () => void };

function CreateForm({ module, given, onClose }: FormProps) {
  const sayCommon = useWords(commonWords);
  const sayField = useWords(fieldWords);
  const language = useLanguage();
  const session = useSession();
  const place = Object.keys(given).length > 0 ? JSON.stringify(given) : "";
  const [draft, keep, forget, kept] = useDraft<Draft>(`new.${module.name}.${place}`, {
    key: "",
    values: { ...startValues(module, session), ...given },
  });
  const [found] = useState(kept);
  const create = useCreate(module, given, () => {
    forget();
    onClose();
  });
  // The key is made with the first letter typed, so that a second press of the button creates nothing twice.
  const put = (name: string) => (value: Value) =>
    keep({ key: draft.key || crypto.randomUUID(), values: { ...draft.values, [name]: value } });
  const { error } = create;
  const problem = (name: string) => (error instanceof ApiError ? error.about(name) : undefined);
  const fields = module.fields.filter(({ readOnly }) => !readOnly);
  const [tried, setTried] = useState(false);
  const isEmpty = (value: Value) => value === null || value === undefined || value === "";
  const missing = fields.filter(({ name, required }) => required && isEmpty(draft.values[name]));
  const lacking = (field: Field) =>
    tried && missing.includes(field) ? sayField.required(field.words[language]) : undefined;
  const signedOut = error instanceof ApiError && error.code === "signed_out";
  const told = fields.some(({ name }) => problem(name));
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        const isReady = missing.length === 0 && !Object.values(draft.values).some(isUnread);
        if (isReady) create.mutate({ ...draft, key: draft.key || crypto.randomUUID() });
      }}
    >
      <Stack gap="sm">
        {found && kept && !create.isPending && <Found onForget={forget} />}
        {fields.map((field, index) => (
          <FieldInput
            key={field.name}
            field={field}
            label={field.words[language]}
            required={field.required}
            value={draft.values[field.name]}
            onChange={put(field.name)}
            error={problem(field.name) ?? lacking(field)}
            autoFocus={index === 0}
          />
        ))}
        {!told && !signedOut && <Refused error={error} />}
        <FormFoot
          action={sayCommon.create}
          onCancel={onClose}
          busy={create.isPending}
          className={styles.formFoot}
        />
      </Stack>
    </form>
  );
}

function Found({ onForget }: { onForget: () => void }) {
  const say = useWords(createWords);
  return (
    <Group justify="space-between" className="quiet">
      {say.draftFound}
      <Button variant="subtle" onClick={onForget}>
        {say.startAfresh}
      </Button>
    </Group>
  );
}

function useCreate(module: Module, given: Record<string, Value>, onCreated: () => void) {
  const say = useWords(createWords);
  const language = useLanguage();
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ key, values }: Draft) => {
      const filled = Object.entries(values).filter(
        ([, value]) => value !== null && value !== undefined && value !== "",
      );
      const body = toWire(Object.fromEntries(filled));
      return ask<CrmRecord>("POST", `/api/${module.path}`, { body, ...(key && { idempotencyKey: key }) });
    },
    onSuccess: async (record) => {
      client.setQueryData(keys.record(module.name, record.id), record);
      tellDone(say.createdNow(titleOf(module, record)), language);
      onCreated();
      if (Object.keys(given).length === 0) {
        await navigate({ to: "/$module/$id", params: { module: module.path, id: record.id }, search: {} });
      }
      await client.invalidateQueries({ queryKey: keys.lists(module.name) });
      await refreshAround(client, module.name, record.id);
    },
  });
}
