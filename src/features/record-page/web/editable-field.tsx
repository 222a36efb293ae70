import { ActionIcon, Anchor, Button, Group } from "@mantine/core";
import { IconCheck, IconPencil, IconX } from "@tabler/icons-react";
import { useEffect, useRef, type FocusEvent, type KeyboardEvent, type MouseEvent } from "react";
import {
  ApiError,
  Box,
  commonWords,
  reasonOf,
  useFormats,
  useLanguage,
  useConnected,
  useModules,
  useWords,
  type CrmRecord,
  type Field,
  type Module,
  type Value,
} from "#ui/index.ts";
import { FieldInput, FieldValue, valueText } from "#features/fields/web/index.ts";
import styles from "./record.module.css";
import { recordWords } from "./record.words.ts";
import { useFieldEdit } from "./use-field-edit.ts";

type Props = { module: Module; field: Field; record: CrmRecord; startEditing: boolean };

const savedWhenPicked = new Set(["choice", "relation", "user", "territory", "yesNo"]);
const savedWhenLeft = new Set(["text", "longText", "email", "phone", "url", "integer", "decimal", "money"]);

export function EditableField({ module, field, record, startEditing }: Props) {
  const say = useWords(recordWords);
  const language = useLanguage();
  const edit = useFieldEdit(module, field, record);
  const pencil = useRef<HTMLButtonElement>(null);
  const { start } = edit;
  const started = useRef(false);
  useEffect(() => {
    if (startEditing && !started.current) start();
    started.current = true;
  }, [startEditing, start]);
  const wasEditing = useRef(edit.editing);
  useEffect(() => {
    // Whoever edited by keyboard goes on from where the field stands.
    if (wasEditing.current && !edit.editing && document.activeElement === document.body)
      pencil.current?.focus();
    wasEditing.current = edit.editing;
  }, [edit.editing]);
  const begin = (event: MouseEvent) => {
    if (!(event.target as HTMLElement).closest("a, button")) start();
  };
  return (
    <div className={styles.field}>
      <span className={styles.label}>{field.words[language]}</span>
      {edit.editing ? (
        <Editor field={field} record={record} edit={edit} />
      ) : (
        <div className={`${styles.value} ${styles.editable}`} onClick={begin} role="presentation">
          <span>
            <FieldValue
              field={field}
              value={edit.waiting ? edit.typed : record[field.name]}
              record={record}
              linked
            />
            {edit.waiting && <Waits onGiveUp={edit.stop} />}
          </span>
          <ActionIcon
            ref={pencil}
            size={20}
            className={styles.pencil ?? ""}
            aria-label={say.edit(field.words[language])}
            onClick={start}
          >
            <IconPencil size={14} stroke={1.6} />
          </ActionIcon>
        </div>
      )}
    </div>
  );
}

/** Changed here, and not saved: it is sent when the server can be reached again. */
function Waits({ onGiveUp }: { onGiveUp: () => void }) {
  const say = useWords(recordWords);
  const connected = useConnected();
  if (connected) return null;
  return (
    <span className={styles.waits} role="status">
      {say.waits}{" "}
      <Anchor component="button" type="button" inherit onClick={onGiveUp}>
        {say.giveUp}
      </Anchor>
    </span>
  );
}

type EditorProps = { field: Field; record: CrmRecord; edit: ReturnType<typeof useFieldEdit> };

function Editor({ field, record, edit }: EditorProps) {
  const sayCommon = useWords(commonWords);
  const language = useLanguage();
  const modules = useModules();
  const { error } = edit;
  const about = error instanceof ApiError ? error.about(field.name) : undefined;
  const reason = error ? (about ?? reasonOf(error, language, modules)) : undefined;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      edit.stop();
    }
    const saves = field.type === "longText" ? event.key === "Enter" && event.ctrlKey : event.key === "Enter";
    if (saves && !savedWhenPicked.has(field.type)) {
      event.preventDefault();
      edit.save();
    }
  };
  const onLeave = (event: FocusEvent<HTMLDivElement>) => {
    const inside = event.currentTarget.contains(event.relatedTarget);
    if (!inside && savedWhenLeft.has(field.type) && !edit.conflict && !error && document.hasFocus())
      edit.save();
  };
  const change = (value: Value) => {
    edit.type(value);
    if (savedWhenPicked.has(field.type)) edit.save(value);
  };
  return (
    <div className={styles.editor} onBlur={onLeave}>
      <div className={styles.editRow}>
        <FieldInput
          field={field}
          of={record.id}
          aria-label={field.words[language]}
          value={edit.typed}
          onChange={change}
          onKeyDown={onKeyDown}
          error={reason}
          autoFocus
        />
        <ActionIcon mt={4} aria-label={sayCommon.save} onClick={() => edit.save()}>
          <IconCheck size={16} />
        </ActionIcon>
        <ActionIcon mt={4} aria-label={sayCommon.cancel} onClick={edit.stop}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      {edit.conflict && <Conflict field={field} record={record} edit={edit} />}
    </div>
  );
}

function Conflict({ field, record, edit }: EditorProps) {
  const say = useWords(recordWords);
  const language = useLanguage();
  const formats = useFormats();
  const theirs = valueText(field, record[field.name], formats, language, record);
  return (
    <Box tone="warn" role="alert">
      {say.conflict(field.words[language], theirs || say.nothing)}
      <Group gap="xs" mt={6}>
        <Button onClick={edit.stop}>{say.takeTheirs}</Button>
        <Button onClick={edit.overwrite}>{say.keepMine}</Button>
      </Group>
    </Box>
  );
}
