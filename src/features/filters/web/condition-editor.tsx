import { Select } from "@mantine/core";
import { useLanguage, useWords, type Condition, type Module } from "#ui/index.ts";
import { fieldNamed } from "#features/fields/web/index.ts";
import { filterWords, operatorWords } from "./filters.words.ts";
import { operatorsOf, operatorWord, takesMany } from "./operators.ts";
import { filterableFields, newCondition } from "./new-condition.ts";
import { ValueEditor } from "./value-editor.tsx";

type Props = { module: Module; condition: Condition; onChange: (condition: Condition) => void };

/** Field, operator and value beside or below each other. */
export default function ConditionEditor({ module, condition, onChange }: Props) {
  const say = useWords(filterWords);
  const sayOperator = useWords(operatorWords);
  const language = useLanguage();
  const field = fieldNamed(module, condition.field);
  if (!field) return null;
  const changeOperator = (op: string) => {
    const keeps =
      takesMany(op) === takesMany(condition.op) && (op === "between") === (condition.op === "between");
    const empty = takesMany(op) ? [] : null;
    onChange({
      field: field.name,
      op,
      ...(op !== "empty" && op !== "notEmpty" && { value: keeps ? condition.value : empty }),
    });
  };
  return (
    <>
      <Select
        aria-label={say.field}
        searchable
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        data={filterableFields(module).map(({ name, words }) => ({ value: name, label: words[language] }))}
        value={field.name}
        onChange={(name) => name && onChange(newCondition(module, name))}
      />
      <Select
        aria-label={say.operator}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        data={operatorsOf(field).map((op) => ({ value: op, label: sayOperator[operatorWord(field, op)] }))}
        value={condition.op}
        onChange={(op) => op && changeOperator(op)}
      />
      <ValueEditor
        key={field.name}
        field={field}
        condition={condition}
        onChange={(value) => onChange({ ...condition, value })}
      />
    </>
  );
}
