import { Select } from "@mantine/core";
import { PlainTable, useWords } from "#ui/index.ts";
import type { Target } from "./import-fields.ts";
import type { Import } from "./import-shapes.ts";
import { importWords } from "./import.words.ts";

type Props = { one: Import; targets: Target[]; onChange: (mapping: Import["mapping"]) => void };

/** Column by column: what stands in it, and which field it becomes. A field is taken only once. */
export function MappingTable({ one, targets, onChange }: Props) {
  const say = useWords(importWords);
  const change = (column: string, field: string | null) => {
    const others = Object.entries(one.mapping).map(([name, taken]) => [
      name,
      field !== null && taken === field ? null : taken,
    ]);
    onChange({ ...Object.fromEntries(others), [column]: field });
  };
  return (
    <PlainTable label={say.columns} heads={[say.column, say.samples, say.becomes]}>
      {one.columns.map(({ name, samples }) => (
        <tr key={name}>
          <td>{name}</td>
          <td className="quiet">{samples.slice(0, 3).join(", ")}</td>
          <td style={{ minWidth: 180 }}>
            <Select
              aria-label={say.fieldFor(name)}
              placeholder={say.leftOut}
              size="xs"
              clearable
              searchable
              data={targets.map((target) => ({
                value: target.name,
                label: `${target.label}${target.required ? " *" : ""}`,
              }))}
              value={one.mapping[name] ?? null}
              onChange={(field) => change(name, field)}
            />
          </td>
        </tr>
      ))}
    </PlainTable>
  );
}
