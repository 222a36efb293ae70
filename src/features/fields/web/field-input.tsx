import { Checkbox, NumberInput, Select, Skeleton, Textarea, TextInput } from "@mantine/core";
import { type KeyboardEvent } from "react";
import { isUnread, part, Piece, unread, useLanguage, useWords, type Field, type Value } from "#ui/index.ts";
import { PersonSelect, TerritorySelect } from "./directory-selects.tsx";
import { isYear } from "./field-kinds.ts";
import { fieldWords } from "./fields.words.ts";
import { RelationSelect } from "./relation-select.tsx";

const DateField = part(() => import("./date-field.tsx"));

export type InputProps = {
  value: Value;
  onChange: (value: Value) => void;
  label?: string;
  "aria-label"?: string;
  error?: string | undefined;
  autoFocus?: boolean;
  required?: boolean;
  onKeyDown?: (event: KeyboardEvent) => void;
};

/** The control for one field of any type. Its value is what the record holds, `of` is its id; empty is null. */
export function FieldInput({ field, of, ...given }: InputProps & { field: Field; of?: string }) {
  // Dialogs hold the focus and give it to whatever is marked so.
  const input = { ...given, ...(given.autoFocus && { "data-autofocus": true }) };
  switch (field.type) {
    case "longText":
      return <LongText {...input} field={field} />;
    case "integer":
    case "decimal":
    case "money":
      return <Figure {...input} field={field} />;
    case "date":
    case "dateTime":
      return (
        <Piece waiting={<Skeleton height={given.label ? 60 : 36} />}>
          <DateField {...input} withTime={field.type === "dateTime"} />
        </Piece>
      );
    case "yesNo":
      return <YesNo {...input} />;
    case "choice":
      return <ChoiceSelect {...input} field={field} />;
    case "relation":
      return <RelationSelect {...input} module={field.module ?? ""} of={of} />;
    case "user":
      return <PersonSelect {...input} />;
    case "territory":
      return <TerritorySelect {...input} />;
    default:
      return <ShortText {...input} field={field} />;
  }
}

type ForField = InputProps & { field: Field };
const htmlTypes: Partial<Record<Field["type"], string>> = { email: "email", phone: "tel", url: "url" };

function ShortText({ field, value, onChange, ...shown }: ForField) {
  return (
    <TextInput
      {...shown}
      type={htmlTypes[field.type] ?? "text"}
      maxLength={field.lengthMax}
      value={String(value ?? "")}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}

function LongText({ field, value, onChange, ...shown }: ForField) {
  return (
    <Textarea
      {...shown}
      autosize
      minRows={3}
      maxRows={12}
      maxLength={field.lengthMax}
      value={String(value ?? "")}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}

function Figure({ field, value, onChange, error, ...shown }: ForField) {
  const say = useWords(fieldWords);
  const danish = useLanguage() === "da";
  const read = (typed: string | number): Value => {
    if (typed === "") return null;
    return Number.isNaN(Number(typed)) ? unread(String(typed)) : Number(typed);
  };
  return (
    <NumberInput
      {...shown}
      hideControls
      allowDecimal={field.type !== "integer"}
      decimalScale={field.type === "money" ? 2 : 6}
      decimalSeparator={danish ? "," : "."}
      thousandSeparator={isYear(field) ? "" : danish ? "." : ","}
      clampBehavior="none"
      value={isUnread(value) ? value.name : typeof value === "number" ? value : ""}
      error={error ?? (isUnread(value) ? say.noNumber : undefined)}
      onChange={(next) => onChange(read(next))}
    />
  );
}

function YesNo({ value, onChange, onKeyDown, ...shown }: InputProps) {
  return (
    <Checkbox
      {...shown}
      {...(onKeyDown && { onKeyDown })}
      checked={value === true}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

function ChoiceSelect({ field, value, onChange, ...shown }: ForField) {
  const language = useLanguage();
  const choices = field.choices ?? [];
  return (
    <Select
      {...shown}
      data={choices.map((choice) => ({ value: choice.value, label: choice.words[language] }))}
      value={typeof value === "string" ? value : null}
      onChange={(next) => onChange(next)}
      clearable={!field.required}
      allowDeselect={false}
      searchable={choices.length > 8}
      checkIconPosition="right"
    />
  );
}
