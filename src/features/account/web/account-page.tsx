import { Select, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  ask,
  commonWords,
  keys,
  PageHead,
  Panel,
  tellRefused,
  useLanguage,
  useSession,
  useWords,
  type Language,
} from "#ui/index.ts";
import { accountWords } from "./account.words.ts";
import { PasswordForm } from "./password-form.tsx";
import { SessionList } from "./session-list.tsx";

const languageNames: { value: Language; label: string }[] = [
  { value: "en", label: "English" },
  { value: "da", label: "Dansk" },
];

export function AccountPage() {
  const say = useWords(accountWords);
  const sayCommon = useWords(commonWords);
  const language = useLanguage();
  const { user } = useSession();
  const facts = [
    [sayCommon.name, `${user.fullName} (${user.name})`],
    [say.access, `${user.level.words?.[language] ?? user.level.name} ${user.level.number}`],
    [sayCommon.territories, user.territories.map(({ name }) => name).join(", ") || say.everywhere],
    [sayCommon.groups, user.groups.map(({ name }) => name).join(", ") || say.noGroups],
  ] as const;
  return (
    <>
      <PageHead title={say.title} />
      <div className="page">
        <Stack maw={720}>
          <Panel title={say.you}>
            <dl
              style={{
                display: "grid",
                gridTemplateColumns: "140px 1fr",
                gap: "6px 10px",
                margin: "0 0 14px",
              }}
            >
              {facts.map(([name, value]) => [
                <dt key={name} className="quiet">
                  {name}
                </dt>,
                <dd key={`${name} value`} style={{ margin: 0 }}>
                  {value}
                </dd>,
              ])}
            </dl>
            <LanguageSelect />
          </Panel>
          <SessionList />
          <PasswordForm />
        </Stack>
      </div>
    </>
  );
}

function LanguageSelect() {
  const say = useWords(accountWords);
  const language = useLanguage();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (next: Language) => ask("PATCH", "/api/session", { body: { language: next } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.session }),
    onError: (error) => tellRefused(error, language),
  });
  return (
    <Select
      label={say.language}
      maw={220}
      allowDeselect={false}
      data={languageNames}
      value={language}
      onChange={(next) => next && change.mutate(next as Language)}
    />
  );
}
