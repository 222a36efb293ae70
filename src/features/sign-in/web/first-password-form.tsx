import { Button, PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ask, Box, reasonOf, useLanguage, UserName, useWords } from "#ui/index.ts";
import { signInWords } from "./sign-in.words.ts";

type Props = { name: string; current: string; onChanged: () => void };

/** A first or reset password opens nothing until its owner has chosen his own. */
export function FirstPasswordForm({ name, current, onChanged }: Props) {
  const say = useWords(signInWords);
  const language = useLanguage();
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: () => ask("POST", "/api/session/password", { body: { current, next } }),
    onSuccess: onChanged,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <UserName name={name} />
      <Stack>
        <Text>{say.firstPassword}</Text>
        <PasswordInput
          label={say.newPassword}
          name="new-password"
          description={say.newPasswordHint}
          autoComplete="new-password"
          required
          withAsterisk={false}
          autoFocus
          minLength={8}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        {change.isError && (
          <Box tone="bad" role="alert">
            {reasonOf(change.error, language)}
          </Box>
        )}
        <Button type="submit" variant="filled" size="sm" loading={change.isPending}>
          {say.choose}
        </Button>
      </Stack>
    </form>
  );
}
