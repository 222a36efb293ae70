import { Select, type OptionsFilter, type SelectProps } from "@mantine/core";
import { useState } from "react";
import { isUnread, unread, useWords, type Named } from "#ui/index.ts";
import type { InputProps } from "./field-input.tsx";
import { fieldWords } from "./fields.words.ts";

type Option = Named & { depth?: number };
type Props = InputProps & {
  options: Option[];
  /** Told what is typed, when the options depend on it. */
  onTyped?: (text: string) => void;
  select?: Partial<SelectProps>;
};

/** One of many, found by typing. What is typed and found nowhere stays, with what is wrong with it. */
export function FindSelect({ value, onChange, options, onTyped, select, error, ...shown }: Props) {
  const say = useWords(fieldWords);
  const chosen = typeof value === "object" && value && !isUnread(value) ? value : null;
  const [typed, setTyped] = useState<string>();
  const all: Option[] =
    chosen && !options.some(({ id }) => id === chosen.id) ? [chosen, ...options] : options;
  const standing = isUnread(value) ? value.name : (chosen?.name ?? "");
  const type = (text: string) => {
    setTyped(text);
    onTyped?.(text);
  };
  const pick = (id: string | null) => {
    setTyped(undefined);
    onChange(all.find((option) => String(option.id) === id) ?? null);
  };
  const leave = () => {
    const text = typed?.trim();
    setTyped(undefined);
    if (text === undefined || text === standing) return;
    const same = all.filter(({ name }) => name.toLowerCase() === text.toLowerCase());
    if (text === "") onChange(null);
    else onChange(same.length === 1 ? (same[0] as Option) : unread(text));
  };
  const wrong = isUnread(value) && typed === undefined ? say.noSuch(value.name) : undefined;
  return (
    <Select
      {...shown}
      {...(typed === undefined && { filter: allOfThem })}
      {...select}
      searchable
      clearable
      allowDeselect={false}
      nothingFoundMessage={say.noMatch}
      error={error ?? wrong}
      data={all.map(({ id, name, depth = 0 }) => ({
        value: String(id),
        label: `${"  ".repeat(depth)}${name}`,
      }))}
      value={chosen ? String(chosen.id) : null}
      searchValue={typed ?? standing}
      onInput={(event) => type(event.currentTarget.value)}
      onChange={pick}
      onBlur={leave}
    />
  );
}

/** What is chosen already is not what is sought: whoever opens the list looks for another. */
const allOfThem: OptionsFilter = ({ options }) => options;
