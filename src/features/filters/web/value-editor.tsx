import { Checkbox, Group, MultiSelect, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useModule, useWords, type Condition, type Field, type FieldType, type Value } from "#ui/index.ts";
import { candidates, FieldInput, fieldWords } from "#features/fields/web/index.ts";
import { filterWords } from "./filters.words.ts";
import { idsOf, useNames, type Option } from "./names.ts";
import { needsNoValue, takesMany } from "./operators.ts";

const tickedMax = 12;

/** A time is asked about by its day: the whole of it, where the reader is. */
const askedAs: Partial<Record<FieldType, FieldType>> = { longText: "text", dateTime: "date" };

type Props = { field: Field; condition: Condition; onChange: (value: unknown) => void };

export function ValueEditor({ field, condition, onChange }: Props) {
  const say = useWords(filterWords);
  if (needsNoValue(condition.op)) return null;
  if (takesMany(condition.op)) return <PickMany field={field} condition={condition} onChange={onChange} />;
  const plain: Field = { ...field, required: false, type: askedAs[field.type] ?? field.type };
  if (condition.op !== "between") {
    return (
      <FieldInput
        field={plain}
        aria-label={say.value}
        value={condition.value as Value}
        onChange={onChange}
        autoFocus
      />
    );
  }
  const [from = null, until = null] = Array.isArray(condition.value) ? (condition.value as Value[]) : [];
  return (
    <Group gap="xs" grow wrap="nowrap">
      <FieldInput
        field={plain}
        aria-label={say.from}
        value={from}
        onChange={(next) => onChange([next, until])}
        autoFocus
      />
      <FieldInput
        field={plain}
        aria-label={say.until}
        value={until}
        onChange={(next) => onChange([from, next])}
      />
    </Group>
  );
}

function PickMany({ field, condition, onChange }: Props) {
  const say = useWords(filterWords);
  const picked = Array.isArray(condition.value) ? condition.value : [];
  const named = useNames(field, picked);
  const change = (next: string[]) => onChange(idsOf(field, next));
  if (field.type === "choice" && named.length <= tickedMax) {
    return (
      <Checkbox.Group aria-label={say.value} value={picked.map(String)} onChange={change}>
        <Stack gap={8} py={4}>
          {named.map(({ value, label }) => (
            <Checkbox key={value} size="xs" value={value} label={label} />
          ))}
        </Stack>
      </Checkbox.Group>
    );
  }
  return <SearchMany field={field} named={named} picked={picked.map(String)} onChange={change} />;
}

type SearchProps = { field: Field; named: Option[]; picked: string[]; onChange: (picked: string[]) => void };

function SearchMany({ field, named, picked, onChange }: SearchProps) {
  const say = useWords(filterWords);
  const sayField = useWords(fieldWords);
  const [typed, setTyped] = useState("");
  const [left, setLeft] = useState(false);
  const [opened, setOpened] = useState(false);
  const [sought] = useDebouncedValue(typed, 150);
  const related = useModule(field.module ?? "");
  const { data: found = [] } = useQuery({
    ...candidates(related, sought),
    enabled: field.type === "relation",
  });
  const others = found
    .filter(({ id }) => !named.some(({ value }) => value === String(id)))
    .map(({ id, name }) => ({ value: String(id), label: name }));
  return (
    <MultiSelect
      aria-label={say.value}
      data={[...named, ...others]}
      value={picked}
      onChange={onChange}
      searchable
      searchValue={typed}
      // The library empties the box when it is left; what was typed and not chosen stays, and holds the form back.
      onInput={(event) => {
        event.currentTarget.setCustomValidity("");
        setLeft(false);
        setTyped(event.currentTarget.value);
      }}
      onBlur={(event) => {
        event.currentTarget.setCustomValidity(typed.trim() ? sayField.noSuch(typed.trim()) : "");
        setLeft(true);
      }}
      error={left && typed.trim() ? sayField.noSuch(typed.trim()) : undefined}
      // Closed after each pick, so that the list does not cover the button below it.
      dropdownOpened={opened}
      onDropdownOpen={() => setOpened(true)}
      onDropdownClose={() => setOpened(false)}
      onOptionSubmit={() => {
        setTyped("");
        setOpened(false);
      }}
      {...(field.type === "relation" && { filter: ({ options }) => options })}
      nothingFoundMessage={sayField.noMatch}
      comboboxProps={{ withinPortal: false }}
      hidePickedOptions
      autoFocus
    />
  );
}
