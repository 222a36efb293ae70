import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import {
  browserLanguage,
  currentSession,
  Empty,
  LanguageContext,
  leaveSession,
  onSignedOut,
  openDrafts,
  queryClient,
  rememberLanguage,
  SessionContext,
  Skeletons,
  SpokenTheme,
  useConnected,
  useWords,
  type Language,
  type Session,
} from "#ui/index.ts";
import { SignInPage } from "./sign-in-page.tsx";
import { signInWords } from "./sign-in.words.ts";

/**
 * Everything behind it needs a session. When one ends, the page and the browser forget what they showed; the
 * address stays, and what was typed waits sealed, so that the same user goes on where he was.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const { data: session, isPending, isError } = useQuery(currentSession);
  const [chosen, setChosen] = useState<Language>(browserLanguage);
  const [opened, setOpened] = useState<string>();
  const [last, setLast] = useState<Session["user"]>();
  if (session && session.user !== last) setLast(session.user);
  useEffect(
    () =>
      onSignedOut(() => {
        leaveSession(client);
        setOpened(undefined);
      }),
    [client],
  );
  const draftKey = session?.draftKey;
  useEffect(() => {
    if (draftKey !== undefined) void openDrafts(draftKey).then(() => setOpened(draftKey));
  }, [draftKey]);
  const language = session?.user.language ?? last?.language ?? chosen;
  useEffect(() => rememberLanguage(language), [language]);

  const ready = session && opened === draftKey;
  return (
    <LanguageContext value={language}>
      <SpokenTheme>
        {ready ? (
          <SessionContext value={session}>{children}</SessionContext>
        ) : session || isPending || isError ? (
          <Waiting failed={isError} />
        ) : (
          <SignInPage
            name={last?.name}
            onSignedIn={() => void goOn(client, last)}
            onOtherLanguage={() => setChosen(language === "en" ? "da" : "en")}
          />
        )}
      </SpokenTheme>
    </LanguageContext>
  );
}

/** The same user stands where he was; another must not even see which page the last one had open. */
async function goOn(client: QueryClient, last: Session["user"] | undefined): Promise<void> {
  const session = await client.fetchQuery({ ...currentSession, staleTime: 0 });
  if (last && session && session.user.id !== last.id) startAnew();
}

function Waiting({ failed }: { failed: boolean }) {
  const say = useWords(signInWords);
  const connected = useConnected();
  return failed || !connected ? (
    <Empty>{say.unreachable}</Empty>
  ) : (
    <div style={{ padding: 24 }}>
      <Skeletons rows={8} />
    </div>
  );
}

/** Leaves nothing of the last user behind, and no way back to his pages. */
export function startAnew(): void {
  leaveSession(queryClient);
  location.replace("/");
}
