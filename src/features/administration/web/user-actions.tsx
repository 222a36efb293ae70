import { Button, Group } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ask, Box, keys, tellDone, tellRefused, useLanguage, useWords } from "#ui/index.ts";
import { adminWords } from "./administration.words.ts";
import type { User } from "./users-query.ts";

type Props = { user: User; onPassword: (shown: { name: string; password: string }) => void };

export function UserActions({ user, onPassword }: Props) {
  const say = useWords(adminWords);
  const language = useLanguage();
  const client = useQueryClient();
  const onError = (error: unknown) => tellRefused(error, language);
  const refresh = () => client.invalidateQueries({ queryKey: keys.users });
  const unblock = useMutation({
    mutationFn: () => ask("POST", `/api/users/${user.id}/unblock`),
    onSuccess: async () => {
      tellDone(say.unblocked(user.fullName), language);
      await refresh();
    },
    onError,
  });
  const reset = useMutation({
    mutationFn: () => ask<{ password: string }>("POST", `/api/users/${user.id}/password`),
    onSuccess: async ({ password }) => {
      onPassword({ name: user.fullName, password });
      await refresh();
    },
    onError,
  });
  const end = useMutation({
    mutationFn: () => ask("POST", `/api/users/${user.id}/sign-out`),
    onSuccess: async () => {
      tellDone(say.sessionsEnded(user.fullName), language);
      await refresh();
    },
    onError,
  });
  return (
    <Group gap="xs">
      {user.openSessions > 0 && (
        <Box {...(user.blockedAt && { tone: "warn" })}>
          {say.openSessions(user.openSessions)} {user.blockedAt && say.goOnBlocked}
        </Box>
      )}
      {user.blockedAt && (
        <Button variant="filled" loading={unblock.isPending} onClick={() => unblock.mutate()}>
          {say.unblock}
        </Button>
      )}
      <Button loading={reset.isPending} onClick={() => reset.mutate()}>
        {say.resetPassword}
      </Button>
      {user.openSessions > 0 && (
        <Button loading={end.isPending} onClick={() => end.mutate()}>
          {say.endSessions}
        </Button>
      )}
    </Group>
  );
}
