import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import {
  commonWords,
  useFormats,
  useLanguage,
  useModule,
  wordsIn,
  type CrmRecord,
  type Field,
  type Formats,
  type Language,
  type Value,
} from "#ui/index.ts";
import { isYear, nameOf } from "./field-kinds.ts";
import styles from "./fields.module.css";

/** Of "YYYY-MM-DD". */
const dayLength = 10;

/** A value as text, as the reader writes it. The record gives a sum its currency. */
export function valueText(
  field: Field,
  value: Value,
  formats: Formats,
  language: Language,
  record?: CrmRecord,
): string {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "object") return value.name;
  if (typeof value === "boolean") return wordsIn(commonWords, language)[value ? "yes" : "no"];
  if (typeof value === "number") return numberText(field, value, formats, record);
  if (field.type === "date") return formats.day(value);
  // In a filter a time is asked about by its day.
  if (field.type === "dateTime")
    return value.length === dayLength ? formats.day(value) : formats.instant(value);
  if (field.type === "choice") {
    return field.choices?.find((choice) => choice.value === value)?.words[language] ?? value;
  }
  return value;
}

function numberText(field: Field, value: number, formats: Formats, record?: CrmRecord): string {
  if (isYear(field)) return formats.plain(value);
  if (field.type === "money") return formats.money(value, nameOf(record?.["currency"]) || null);
  return field.type === "decimal" ? formats.fixed(value, 2) : formats.number(value);
}

type Props = { field: Field; value: Value; record?: CrmRecord; linked?: boolean };

/** A value to read; with `linked`, other records, mail addresses, numbers and sites can be followed. */
export function FieldValue({ field, value, record, linked = false }: Props) {
  const formats = useFormats();
  const language = useLanguage();
  const text = valueText(field, value, formats, language, record);
  const outcome = field.choices?.find((choice) => choice.value === value)?.outcome;
  if (outcome === "won" || outcome === "lost") return <span className={styles[outcome]}>{text}</span>;
  if (!linked || !text) return text;
  if (field.type === "relation" && typeof value === "object" && value)
    return <Related module={field.module ?? ""} id={String(value.id)} text={text} />;
  const href = addressOf(field, text);
  return href ? (
    <Anchor
      inherit
      href={href}
      {...(field.type === "url" && { target: "_blank", rel: "noreferrer noopener" })}
    >
      {text}
    </Anchor>
  ) : (
    text
  );
}

function Related({ module, id, text }: { module: string; id: string; text: string }) {
  const related = useModule(module);
  if (!related) return text;
  return (
    <Anchor
      inherit
      renderRoot={(props) => <Link to="/$module/$id" params={{ module: related.path, id }} {...props} />}
    >
      {text}
    </Anchor>
  );
}

function addressOf(field: Field, text: string): string | undefined {
  if (field.type === "email") return `mailto:${text}`;
  if (field.type === "phone") return `tel:${text.replaceAll(/[^\d+]/g, "")}`;
  // Only web addresses are followed: a field must not be able to hold a script.
  return field.type === "url" && /^https?:\/\//i.test(text) ? text : undefined;
}
