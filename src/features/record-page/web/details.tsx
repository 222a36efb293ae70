import {
  mayOn,
  useFormats,
  useLanguage,
  useSession,
  useWords,
  commonWords,
  type CrmRecord,
  type Field,
  type Module,
} from "#ui/index.ts";
import { FieldValue, fieldsOf } from "#features/fields/web/index.ts";
import { EditableField } from "./editable-field.tsx";
import styles from "./record.module.css";
import { recordWords } from "./record.words.ts";

type Props = { module: Module; record: CrmRecord; startEditing: boolean };

/** Every field this level may see; those it may change are edited where they stand. */
export function Details({ module, record, startEditing }: Props) {
  const session = useSession();
  const say = useWords(recordWords);
  const sayCommon = useWords(commonWords);
  const mayEdit = mayOn(session, module.name, "edit", record) && !record.deletedAt;
  // Who may not move a person may not put him under another organisation: that is what moves him.
  const mayMove = module.name !== "person" || mayOn(session, module.name, "reassign", record);
  const isFixed = (field: Field) => field.readOnly || !mayEdit || (!mayMove && field.name === "organisation");
  const fields = fieldsOf(module).filter(
    ({ name }) => name in record || module.fields.some((field) => field.name === name),
  );
  const firstEditable = fields.find((field) => !isFixed(field))?.name;
  return (
    <div aria-label={sayCommon.edit} role="group">
      {!mayEdit && !record.deletedAt && <p className="quiet">{say.lookOnly}</p>}
      {fields.map((field) =>
        isFixed(field) ? (
          <ReadOnlyField key={field.name} field={field} record={record} />
        ) : (
          <EditableField
            key={field.name}
            module={module}
            field={field}
            record={record}
            startEditing={startEditing && field.name === firstEditable}
          />
        ),
      )}
      {!fields.some(({ name }) => name === "createdAt") && <Stamps record={record} />}
    </div>
  );
}

function ReadOnlyField({ field, record }: { field: Field; record: CrmRecord }) {
  const language = useLanguage();
  return (
    <div className={styles.field}>
      <span className={styles.label}>{field.words[language]}</span>
      <div className={styles.value}>
        <span>
          <FieldValue field={field} value={record[field.name]} record={record} linked />
        </span>
      </div>
    </div>
  );
}

function Stamps({ record }: { record: CrmRecord }) {
  const say = useWords(recordWords);
  const formats = useFormats();
  const stamps = [
    [say.created, record.createdAt],
    [say.changed, record.changedAt],
  ] as const;
  return stamps.map(
    ([word, at]) =>
      at && (
        <div key={word} className={styles.field}>
          <span className={styles.label}>{word}</span>
          <div className={styles.value}>{formats.instant(at)}</div>
        </div>
      ),
  );
}
