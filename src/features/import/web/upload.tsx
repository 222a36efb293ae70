import { Button, FileButton, Select, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type DragEvent } from "react";
import {
  ask,
  may,
  Panel,
  useLanguage,
  useModules,
  useSession,
  useWords,
  withQuery,
  Refused,
} from "#ui/index.ts";
import type { Import } from "./import-shapes.ts";
import styles from "./import.module.css";
import { importWords } from "./import.words.ts";

/** Takes a file by button or by dropping it, and says what it holds. */
export function Upload() {
  const say = useWords(importWords);
  const language = useLanguage();
  const session = useSession();
  const navigate = useNavigate();
  const modules = useModules().filter(({ name }) => may(session, name, "create"));
  const kinds = [
    ...modules.map((module) => ({ value: module.name, label: module.words[language].many })),
    ...(session.permissions.includes("users") ? [{ value: "user", label: say.users }] : []),
  ];
  const [kind, setKind] = useState<string | null>(kinds[0]?.value ?? null);
  const upload = useMutation({
    mutationFn: (file: File) =>
      ask<Import>("POST", withQuery("/api/imports", { module: kind, fileName: file.name }), { file }),
    onSuccess: ({ id }) => navigate({ to: "/import/$importId", params: { importId: id } }),
  });
  const take = (file: File | null | undefined) => {
    if (file && kind) upload.mutate(file);
  };
  return (
    <Panel title={say.newImport}>
      <Stack>
        <Select
          label={say.what}
          maw={280}
          allowDeselect={false}
          data={kinds}
          value={kind}
          onChange={setKind}
        />
        <DropPlace busy={upload.isPending} onTake={take} />
        <Refused error={upload.error} />
      </Stack>
    </Panel>
  );
}

function DropPlace({ busy, onTake }: { busy: boolean; onTake: (file: File | null | undefined) => void }) {
  const say = useWords(importWords);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onTake(event.dataTransfer.files[0]);
  };
  return (
    <div
      className={styles.drop}
      data-over={over}
      role="group"
      aria-label={say.file}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <FileButton
        accept=".csv,.txt,.tsv,text/csv,text/plain"
        onChange={onTake}
        inputProps={{ "aria-label": say.file }}
      >
        {(props) => (
          <Button {...props} variant="filled" loading={busy}>
            {say.choose}
          </Button>
        )}
      </FileButton>
      <span className="quiet">{busy ? say.uploading : say.orDrop}</span>
    </div>
  );
}
