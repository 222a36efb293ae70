import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import {
  ApiError,
  ask,
  Panel,
  tellDone,
  useLanguage,
  UserName,
  useSession,
  useWords,
  Refused,
} from "#ui/index.ts";
import { accountWords } from "./account.words.ts";

export function PasswordForm() {
  const say = useWords(accountWords);
  const language = useLanguage();
  const { user } = useSession();
  const form = useForm({ initialValues: { current: "", next: "" } });
  const change = useMutation({
    mutationFn: (passwords: { current: string; next: string }) =>
      ask("POST", "/api/session/password", { body: passwords }),
    onSuccess: () => {
      form.reset();
      tellDone(say.changed, language);
    },
    onError: (error) => {
      if (!(error instanceof ApiError)) return;
      for (const name of ["current", "next"] as const) {
        const problem = error.about(name);
        if (problem) form.setFieldError(name, problem);
      }
    },
  });
  const told = Object.keys(form.errors).length > 0;
  return (
    <Panel title={say.password}>
      <form onSubmit={form.onSubmit((passwords) => change.mutate(passwords))}>
        <UserName name={user.name} />
        <Stack maw={320}>
          <PasswordInput
            label={say.current}
            autoComplete="current-password"
            required
            withAsterisk={false}
            {...form.getInputProps("current")}
          />
          <PasswordInput
            label={say.next}
            autoComplete="new-password"
            required
            withAsterisk={false}
            {...form.getInputProps("next")}
          />
          {!told && <Refused error={change.error} />}
          <Group>
            <Button type="submit" loading={change.isPending}>
              {say.change}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
