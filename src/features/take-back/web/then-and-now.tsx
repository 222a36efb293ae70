import { useQuery } from "@tanstack/react-query";
import {
  PlainTable,
  Skeletons,
  Trouble,
  useLanguage,
  useWords,
  type CrmRecord,
  type Module,
  type Value,
} from "#ui/index.ts";
import { fieldNamed, FieldValue } from "#features/fields/web/index.ts";
import { bothSidesOf, type Moment } from "./moment-query.ts";
import styles from "./moment.module.css";
import { momentWords } from "./moment.words.ts";

/** Fields that are known to differ; without them the record is asked for, in both. */
export type Pair = { fields: { field: string; before: Value; now: Value }[] };

type Props = { moment: Moment; module: Module; id: string; pair?: Pair | undefined };

/** A record field by field: how it was, and how it is. */
export function ThenAndNow({ moment, module, id, pair }: Props) {
  if (pair !== undefined) return <Fields module={module} rows={pair.fields} isBoth />;
  return <Asked moment={moment} module={module} id={id} />;
}

function Asked({ moment, module, id }: Omit<Props, "pair">) {
  const query = useQuery(bothSidesOf(moment.id, module.name, id));
  if (query.isError && !query.data)
    return <Trouble error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeletons rows={4} />;
  const { before, now, kind } = query.data;
  const isBoth = before !== null && now !== null && kind === "changed";
  const of = (record: CrmRecord | null, name: string) => record?.[name] ?? null;
  const rows = module.fields
    .map(({ name }) => ({ field: name, before: of(before, name), now: of(now, name) }))
    .filter((row) => row.before !== null || row.now !== null);
  return (
    <Fields
      module={module}
      rows={before === null ? rows.map((row) => ({ ...row, before: row.now })) : rows}
      isBoth={isBoth}
      isNow={before === null}
    />
  );
}

type FieldsProps = { module: Module; rows: Pair["fields"]; isBoth: boolean; isNow?: boolean };

function Fields({ module, rows, isBoth, isNow = false }: FieldsProps) {
  const say = useWords(momentWords);
  const language = useLanguage();
  const side = isNow ? say.now : say.before;
  return (
    <div className={styles.fields}>
      <PlainTable
        label={say.fieldByField}
        heads={isBoth ? [say.field, say.before, say.now] : [say.field, side]}
      >
        {rows.map(({ field: name, before, now }) => {
          const field = fieldNamed(module, name);
          return (
            field && (
              <tr key={name}>
                <td className="quiet">{field.words[language]}</td>
                <td>
                  <FieldValue field={field} value={before} />
                </td>
                {isBoth && (
                  <td>
                    <FieldValue field={field} value={now} />
                  </td>
                )}
              </tr>
            )
          );
        })}
      </PlainTable>
    </div>
  );
}
