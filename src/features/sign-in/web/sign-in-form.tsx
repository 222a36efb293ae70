import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ask, Box, reasonOf, tellDone, useFormats, useLanguage, useWords } from "#ui/index.ts";
import { FirstPasswordForm } from "./first-password-form.tsx";
import { signInWords } from "./sign-in.words.ts";

type SignedIn = {
  mustChangePassword: boolean;
  failed: { count: number; last: string | null; addresses: string[] };
};
type Props = { name?: string; onSignedIn: () => void };

export function SignInForm({ name: known = "", onSignedIn }: Props) {
  const say = useWords(signInWords);
  const language = useLanguage();
  const formats = useFormats();
  const [name, setName] = useState(known);
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: () => ask<SignedIn>("POST", "/api/sign-in", { body: { name: name.trim(), password } }),
    onSuccess: ({ mustChangePassword, failed }) => {
      if (failed.count > 0) {
        const when = failed.last === null ? "" : formats.instant(failed.last);
        tellDone(`${say.failedBefore} ${failed.count} × ${failed.addresses.join(", ")}, ${when}`, language);
      }
      if (mustChangePassword) return;
      setPassword("");
      onSignedIn();
    },
  });
  if (signIn.data?.mustChangePassword === true)
    return (
      <FirstPasswordForm
        name={name.trim()}
        current={password}
        onChanged={() => {
          setPassword("");
          onSignedIn();
        }}
      />
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
      }}
    >
      <Stack>
        <TextInput
          label={say.name}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          autoFocus={!known}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={say.password}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          autoFocus={known !== ""}
          data-autofocus={known !== "" || undefined}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {signIn.isError && (
          <Box tone="bad" role="alert">
            {reasonOf(signIn.error, language)}
          </Box>
        )}
        <Button type="submit" variant="filled" size="sm" loading={signIn.isPending}>
          {say.signIn}
        </Button>
      </Stack>
    </form>
  );
}
