import { ActionIcon, Box as Place, Button, CloseButton, Menu } from "@mantine/core";
import { IconCheck, IconDots } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  Box,
  mayOn,
  saveEdit,
  tellDone,
  tellRefused,
  useLanguage,
  useSession,
  useWords,
  type CrmRecord,
  type Module,
} from "#ui/index.ts";
import { fieldNamed, titleOf } from "#features/fields/web/index.ts";
import { ReassignDialog } from "./reassign-dialog.tsx";
import { useBin } from "./use-bin.ts";
import styles from "./record.module.css";
import { recordWords } from "./record.words.ts";

type Props = { module: Module; record: CrmRecord; onClose: () => void };

export function RecordHead({ module, record, onClose }: Props) {
  const say = useWords(recordWords);
  const language = useLanguage();
  const session = useSession();
  const { restore } = useBin(module);
  const place = record.territory?.name;
  return (
    <>
      <header className={styles.head}>
        <div>
          <div className="quiet">
            {module.words[language].one}
            {place && ` · ${place}`}
          </div>
          <h2>{titleOf(module, record)}</h2>
        </div>
        <div className={styles.tools}>
          {!record.deletedAt && <MarkDone module={module} record={record} />}
          {!record.deletedAt && <Actions module={module} record={record} onClose={onClose} />}
          <CloseButton aria-label={say.close} onClick={onClose} />
        </div>
      </header>
      {record.deletedAt && (
        <Place px={18} pt={8}>
          <Box tone="warn">
            {say.isInBin}{" "}
            {mayOn(session, module.name, "restore", record) && (
              <Button ml="sm" onClick={() => restore.mutate(record)}>
                {say.restore}
              </Button>
            )}
          </Box>
        </Place>
      )}
    </>
  );
}

function Actions({ module, record, onClose }: Props) {
  const say = useWords(recordWords);
  const language = useLanguage();
  const session = useSession();
  const [reassigning, setReassigning] = useState(false);
  const { bin } = useBin(module);
  const copy = async () => {
    await navigator.clipboard.writeText(`${location.origin}/${module.path}/${record.id}`);
    tellDone(say.linkCopied, language);
  };
  return (
    <>
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <ActionIcon aria-label={say.actions}>
            <IconDots size={18} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void copy()}>{say.copyLink}</Menu.Item>
          {module.name !== "person" && mayOn(session, module.name, "reassign", record) && (
            <Menu.Item onClick={() => setReassigning(true)}>{say.reassign}</Menu.Item>
          )}
          {mayOn(session, module.name, "delete", record) && (
            <Menu.Item color="red" onClick={() => bin.mutate(record, { onSuccess: onClose })}>
              {say.toBin}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {reassigning && (
        <ReassignDialog module={module} record={record} onClose={() => setReassigning(false)} />
      )}
    </>
  );
}

/** What has a time of being done (an activity) can be done with one press. */
function MarkDone({ module, record }: { module: Module; record: CrmRecord }) {
  const say = useWords(recordWords);
  const language = useLanguage();
  const session = useSession();
  const client = useQueryClient();
  if (!fieldNamed(module, "doneAt") || record["doneAt"] || !mayOn(session, module.name, "edit", record))
    return null;
  const put = (value: string | null, base: string | null) =>
    saveEdit(client, module, record, { field: "doneAt", value, base });
  const markDone = async () => {
    const now = new Date().toISOString();
    const sent = await put(now, null);
    if (sent.outcome === "saved") tellDone(say.markedDone, language, () => void put(null, now));
    else if ("error" in sent) tellRefused(sent.error, language, [module]);
  };
  return (
    <Button leftSection={<IconCheck size={14} aria-hidden />} onClick={() => void markDone()}>
      {say.markDone}
    </Button>
  );
}
