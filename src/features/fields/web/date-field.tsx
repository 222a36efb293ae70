import "@mantine/dates/styles.layer.css";
import "dayjs/locale/da.js";
import { ActionIcon, Popover, TextInput } from "@mantine/core";
import { DatePicker } from "@mantine/dates";
import { IconCalendar } from "@tabler/icons-react";
import { useState, type KeyboardEvent, type SyntheticEvent } from "react";
import {
  dayHere,
  isUnread,
  unread,
  useFormats,
  useLanguage,
  useWords,
  type Formats,
  type Value,
} from "#ui/index.ts";
import { fieldWords } from "./fields.words.ts";
import type { InputProps } from "./field-input.tsx";
import { orderOf, parseDate } from "./parse-date.ts";

/** A day, or a day with its time in the reader's own zone. May be typed as well as picked. */
export default function DateField({
  value,
  onChange,
  withTime,
  error,
  onKeyDown,
  ...shown
}: InputProps & { withTime: boolean }) {
  const say = useWords(fieldWords);
  const language = useLanguage();
  const formats = useFormats();
  const [typed, setTyped] = useState<string>();
  const [opened, setOpened] = useState(false);
  const type = (text: string) => {
    setTyped(text);
    onChange(readDate(text, withTime, orderOf(language, navigator.languages)));
  };
  const pick = (day: string | null) => {
    setTyped(undefined);
    setOpened(false);
    const time = withTime ? (localOf(value)?.slice(10) ?? "") : "";
    onChange(day && (withTime ? toInstant(`${day}${time}`) : day));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") setTyped(undefined);
    if (event.key === "Escape" && opened) {
      event.stopPropagation();
      setOpened(false);
    } else onKeyDown?.(event);
  };
  const example = withTime ? say.timeExample : say.dateExample;
  const wrong = isUnread(value) && typed === undefined ? say.noDate(example) : undefined;
  const picker = (
    <Popover.Target>
      <ActionIcon aria-label={say.pickDay} onClick={() => setOpened(!opened)}>
        <IconCalendar size={16} stroke={1.6} />
      </ActionIcon>
    </Popover.Target>
  );
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="md" trapFocus returnFocus>
      <TextInput
        {...shown}
        autoComplete="off"
        placeholder={example}
        rightSection={picker}
        value={typed ?? textOf(value, withTime, formats)}
        error={error ?? wrong}
        onChange={(event) => type(event.currentTarget.value)}
        onBlur={() => setTyped(undefined)}
        onKeyDown={onKey}
      />
      <Popover.Dropdown onMouseDown={stayInside} onTouchStart={stayInside}>
        <DatePicker
          locale={language}
          firstDayOfWeek={1}
          allowDeselect
          value={localOf(value)?.slice(0, 10) ?? null}
          defaultDate={localOf(value)?.slice(0, 10) ?? undefined}
          onChange={pick}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

/** What lies around the field, a filter for one, takes a press in the calendar for one outside itself and would close. */
const stayInside = (event: SyntheticEvent) => event.stopPropagation();

function readDate(text: string, withTime: boolean, order: ReturnType<typeof orderOf>): Value {
  if (text.trim() === "") return null;
  const read = parseDate(text, order);
  // A day has no time to keep: dropping what somebody wrote would be as bad as not understanding it.
  if (read === null || (!withTime && read.length > 10)) return unread(text.trim());
  return withTime ? (toInstant(read) ?? unread(text.trim())) : read;
}

function textOf(value: Value, withTime: boolean, formats: Formats): string {
  if (isUnread(value)) return value.name;
  if (typeof value !== "string") return "";
  return withTime ? formats.typedInstant(value) : formats.day(value);
}

const two = (part: number): string => String(part).padStart(2, "0");

/** "YYYY-MM-DD" or, of an instant, "YYYY-MM-DD HH:mm:ss" as the clock here shows it. */
function localOf(value: Value): string | undefined {
  if (typeof value !== "string" || !value) return undefined;
  if (value.length === 10) return value;
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return undefined;
  return `${dayHere(date)} ${two(date.getHours())}:${two(date.getMinutes())}:00`;
}

function toInstant(local: string): string | null {
  const date = new Date(local.length === 10 ? `${local}T09:00:00` : local.replace(" ", "T"));
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
