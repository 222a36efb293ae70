import { MultiSelect, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import {
  allGroups,
  allLevels,
  allTerritories,
  ApiError,
  commonWords,
  tellDone,
  useLanguage,
  useSession,
  useWords,
  type Language,
  FormFoot,
  Refused,
} from "#ui/index.ts";
import { adminWords } from "./administration.words.ts";
import { UserActions } from "./user-actions.tsx";
import { idOf, levelOf, useSaveUser, type User } from "./users-query.ts";

type Props = {
  user: User | undefined;
  onPassword: (shown: { name: string; password: string }) => void;
  onDone: () => void;
};
type Values = ReturnType<typeof valuesOf>;

const text = (id: number | { id: number } | null | undefined): string | null =>
  id === null || id === undefined ? null : String(idOf(id));

function valuesOf(user: User | undefined, language: Language) {
  return {
    name: user?.name ?? "",
    fullName: user?.fullName ?? "",
    email: user?.email ?? "",
    level: user ? String(levelOf(user)) : "61",
    homeTerritory: text(user?.homeTerritory),
    territories: user?.territories.map((one) => String(idOf(one))) ?? [],
    groups: user?.groups.map((one) => String(idOf(one))) ?? [],
    language: user?.language ?? language,
    active: user?.active ?? true,
  };
}

const changesOf = (values: Values, isNew: boolean) => ({
  name: values.name.trim(),
  fullName: values.fullName.trim(),
  email: values.email.trim() || null,
  level: Number(values.level),
  homeTerritory: values.homeTerritory ? Number(values.homeTerritory) : null,
  territories: values.territories.map(Number),
  groups: values.groups.map(Number),
  language: values.language,
  ...(!isNew && { active: values.active }),
});

export function UserForm({ user, onPassword, onDone }: Props) {
  const say = useWords(adminWords);
  const sayCommon = useWords(commonWords);
  const language = useLanguage();
  const form = useForm<Values>({ initialValues: valuesOf(user, language) });
  const save = useSaveUser(user);
  const submit = (values: Values) =>
    save.mutate(changesOf(values, !user), {
      onSuccess: ({ password }) => {
        tellDone(say.saved(values.fullName), language);
        if (password) onPassword({ name: values.fullName, password });
        onDone();
      },
      onError: (error) => {
        if (!(error instanceof ApiError)) return;
        for (const { field, message } of error.issues) form.setFieldError(field, message);
        if (error.field) form.setFieldError(error.field, error.message);
      },
    });
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Stack gap="sm">
        {user && <UserActions user={user} onPassword={onPassword} />}
        <TextInput label={say.fullName} required {...form.getInputProps("fullName")} />
        <TextInput
          label={say.userName}
          required
          disabled={user !== undefined}
          {...form.getInputProps("name")}
        />
        <TextInput label={say.email} type="email" {...form.getInputProps("email")} />
        <Standing form={form} isNew={user === undefined} />
        {user && (
          <Switch
            label={say.active}
            description={say.activeHint}
            {...form.getInputProps("active", { type: "checkbox" })}
          />
        )}
        {Object.keys(form.errors).length === 0 && <Refused error={save.error} />}
        <FormFoot action={user ? sayCommon.save : sayCommon.create} onCancel={onDone} busy={save.isPending} />
      </Stack>
    </form>
  );
}

const options = (named: { id: number; name: string }[]) =>
  named.map(({ id, name }) => ({ value: String(id), label: name }));

/** Level, territories and groups: what decides what the user may see and do. */
function Standing({ form, isNew }: { form: ReturnType<typeof useForm<Values>>; isNew: boolean }) {
  const say = useWords(adminWords);
  const sayCommon = useWords(commonWords);
  const session = useSession();
  const { data: levels = [] } = useQuery(allLevels);
  const { data: territories = [] } = useQuery(allTerritories);
  const { data: groups = [] } = useQuery(allGroups);
  // Nobody grants more than he holds; the server refuses it too.
  const grantable = levels.filter(({ number }) => number <= session.user.level.number);
  const levelOptions = grantable.map(({ number, name }) => ({
    value: String(number),
    label: `${number} · ${name}`,
  }));
  return (
    <>
      <Select
        label={sayCommon.level}
        required
        allowDeselect={false}
        data={levelOptions}
        {...form.getInputProps("level")}
      />
      <MultiSelect
        label={say.limitedTo}
        description={say.limitedHint}
        searchable
        data={options(territories)}
        {...form.getInputProps("territories")}
      />
      <Select
        label={say.homeTerritory}
        clearable
        searchable
        data={options(territories)}
        {...form.getInputProps("homeTerritory")}
      />
      <MultiSelect
        label={sayCommon.groups}
        searchable
        data={options(groups)}
        {...form.getInputProps("groups")}
      />
      {isNew && <LanguageSelect form={form} />}
    </>
  );
}

function LanguageSelect({ form }: { form: ReturnType<typeof useForm<Values>> }) {
  const say = useWords(adminWords);
  return (
    <Select
      label={say.language}
      allowDeselect={false}
      data={[
        { value: "en", label: "English" },
        { value: "da", label: "Dansk" },
      ]}
      {...form.getInputProps("language")}
    />
  );
}
