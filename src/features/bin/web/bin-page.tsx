import { Button, Group, Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import {
  Empty,
  PageHead,
  useLanguage,
  useModules,
  useSession,
  useWords,
  type CrmRecord,
  type Module,
} from "#ui/index.ts";
import { fieldNamed, titleOf } from "#features/fields/web/index.ts";
import { listWords, RecordTable, shippedColumns, useListCount } from "#features/lists/web/index.ts";
import { useBin } from "#features/record-page/web/index.ts";
import { binWords } from "./bin.words.ts";
import { EraseDialog } from "./erase-dialog.tsx";

/** What was deleted, module by module, and the way back. */
export function BinPage() {
  const language = useLanguage();
  const modules = useModules();
  const navigate = useNavigate();
  const { of } = useSearch({ strict: false }) as { of?: string };
  const module = modules.find(({ path }) => path === of) ?? modules[0];
  if (!module) return null;
  return (
    <>
      <Head module={module} />
      <Tabs
        value={module.path}
        onChange={(path) => void navigate({ to: "/bin", search: { of: path ?? undefined } })}
      >
        <Tabs.List px={18}>
          {modules.map(({ path, words }) => (
            <Tabs.Tab key={path} value={path}>
              {words[language].many}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <Deleted key={module.name} module={module} />
    </>
  );
}

function Head({ module }: { module: Module }) {
  const say = useWords(binWords);
  const count = useListCount(module, undefined, true);
  return <PageHead title={say.title} quiet={count} />;
}

function Deleted({ module }: { module: Module }) {
  const say = useWords(binWords);
  const sayList = useWords(listWords);
  const { restore } = useBin(module);
  const session = useSession();
  const [erasing, setErasing] = useState<CrmRecord>();
  const fields = shippedColumns(module).flatMap((name) => fieldNamed(module, name) ?? []);
  const mayErase = session.permissions.includes("users") && session.rights[module.name]?.delete === "all";
  return (
    <>
      <RecordTable
        module={module}
        fields={fields}
        asked={{ bin: true, sort: module.defaultSort }}
        openId={undefined}
        onOpen={() => undefined}
        empty={<Empty>{sayList.binEmpty}</Empty>}
        renderAction={(record) => (
          <Group gap={6} wrap="nowrap">
            {mayErase && (
              <Button
                variant="subtle"
                color="red"
                aria-label={say.eraseNamed(titleOf(module, record))}
                onClick={() => setErasing(record)}
              >
                {say.erase}
              </Button>
            )}
            <Button
              aria-label={say.restoreNamed(titleOf(module, record))}
              onClick={() => restore.mutate(record)}
            >
              {say.restore}
            </Button>
          </Group>
        )}
      />
      {erasing && <EraseDialog module={module} record={erasing} onClose={() => setErasing(undefined)} />}
    </>
  );
}
