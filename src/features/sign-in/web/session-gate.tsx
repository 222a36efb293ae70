import { Anchor, Modal, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import {
  browserLanguage,
  currentSession,
  Empty,
  forgetDrafts,
  keys,
  LanguageContext,
  onSignedOut,
  rememberLanguage,
  SessionContext,
  Skeletons,
  SpokenTheme,
  useWords,
  type Language,
  type Session,
} from "#ui/index.ts";
import { SignInForm } from "./sign-in-form.tsx";
import { SignInPage } from "./sign-in-page.tsx";
import { signInWords } from "./sign-in.words.ts";

/**
 * Everything behind it needs a session. When a session ends while somebody works, the page stays as it is
 * and asks for the password over it, so that nothing typed is lost.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const { data, isPending, isError } = useQuery(currentSession);
  const [chosen, setChosen] = useState<Language>(browserLanguage);
  const [ended, setEnded] = useState(false);
  const [last, setLast] = useState<Session | null>(null);
  if (data && data !== last) setLast(data);
  const session = data ?? last;
  const wasSignedIn = session !== null;
  useEffect(() => onSignedOut(() => setEnded(wasSignedIn)), [wasSignedIn]);
  const language = session?.user.language ?? chosen;
  useEffect(() => rememberLanguage(language), [language]);

  const signedIn = async () => {
    const before = last?.user.id;
    const now = await client.fetchQuery({ ...currentSession, staleTime: 0 });
    // Another person on the same screen must not meet what the first one had open.
    if (before !== undefined && now && now.user.id !== before) return startAnew();
    setEnded(false);
    await client.invalidateQueries();
  };
  return (
    <LanguageContext value={language}>
      <SpokenTheme>
        {session ? (
          <SessionContext value={session}>
            {children}
            <SignInAgain
              opened={ended || data === null}
              name={session.user.name}
              onSignedIn={() => void signedIn()}
            />
          </SessionContext>
        ) : isPending || isError ? (
          <Waiting unreachable={isError} />
        ) : (
          <SignInPage
            onSignedIn={() => void client.invalidateQueries({ queryKey: keys.session })}
            onOtherLanguage={() => setChosen(language === "en" ? "da" : "en")}
          />
        )}
      </SpokenTheme>
    </LanguageContext>
  );
}

function SignInAgain({
  opened,
  name,
  onSignedIn,
}: {
  opened: boolean;
  name: string;
  onSignedIn: () => void;
}) {
  const say = useWords(signInWords);
  return (
    <Modal
      opened={opened}
      onClose={() => undefined}
      withCloseButton={false}
      title={say.again}
      zIndex={1000}
      closeOnEscape={false}
    >
      <Stack>
        <Text c="dimmed">{say.againHint}</Text>
        {opened && <SignInForm name={name} onSignedIn={onSignedIn} />}
        <Anchor component="button" type="button" size="sm" onClick={startAnew}>
          {say.other}
        </Anchor>
      </Stack>
    </Modal>
  );
}

function Waiting({ unreachable }: { unreachable: boolean }) {
  const say = useWords(signInWords);
  return unreachable ? (
    <Empty>{say.unreachable}</Empty>
  ) : (
    <div style={{ padding: 24 }}>
      <Skeletons rows={8} />
    </div>
  );
}

/** Leaves nothing of the last user behind: no drafts, nothing cached. */
export function startAnew(): void {
  forgetDrafts();
  location.assign("/");
}
