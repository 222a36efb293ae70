import "@mantine/dates/styles.layer.css";
import "dayjs/locale/da.js";
import { DateInput } from "@mantine/dates";
import type { Value } from "#ui/index.ts";
import { useLanguage, useWords } from "#ui/index.ts";
import { fieldWords } from "./fields.words.ts";
import type { InputProps } from "./field-input.tsx";
import { parseDate } from "./parse-date.ts";

/** A day, or a day with its time in the reader's own zone. May be typed as well as picked. */
export default function DateField({
  value,
  onChange,
  withTime,
  ...shown
}: InputProps & { withTime: boolean }) {
  const say = useWords(fieldWords);
  const language = useLanguage();
  const day = language === "da" ? "D. MMM YYYY" : "D MMM YYYY";
  return (
    <DateInput
      {...shown}
      clearable
      withTime={withTime}
      locale={language}
      firstDayOfWeek={1}
      valueFormat={withTime ? `${day} HH:mm` : day}
      placeholder={withTime ? say.timeExample : say.dateExample}
      dateParser={parseDate}
      value={withTime ? toLocal(value) : typeof value === "string" ? value : null}
      onChange={(next) => onChange(withTime ? toInstant(next) : next)}
      popoverProps={{ withinPortal: true }}
    />
  );
}

const two = (part: number): string => String(part).padStart(2, "0");

function toLocal(value: Value): string | null {
  if (typeof value !== "string" || !value) return null;
  const date = new Date(value);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:00`;
}

function toInstant(local: string | null): string | null {
  if (!local) return null;
  const date = new Date(local.length === 10 ? `${local}T09:00:00` : local.replace(" ", "T"));
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
