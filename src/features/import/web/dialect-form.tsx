import { Select } from "@mantine/core";
import { useWords } from "#ui/index.ts";
import type { Dialect } from "./import-shapes.ts";
import styles from "./import.module.css";
import { importWords } from "./import.words.ts";

/** How the file was written; guessed by the server, corrected here. */
export function DialectForm({
  dialect,
  onChange,
}: {
  dialect: Dialect;
  onChange: (dialect: Dialect) => void;
}) {
  const say = useWords(importWords);
  const choices: {
    [K in keyof Dialect]: { label: string; options: { value: Dialect[K]; label: string }[] };
  } = {
    encoding: {
      label: say.encoding,
      options: [
        { value: "utf-8", label: "UTF-8" },
        { value: "windows-1252", label: "Windows-1252" },
      ],
    },
    delimiter: {
      label: say.delimiter,
      options: [
        { value: ",", label: say.comma },
        { value: ";", label: say.semicolon },
        { value: "\t", label: say.tab },
      ],
    },
    dateOrder: {
      label: say.dateOrder,
      options: [
        { value: "mdy", label: say.mdy },
        { value: "dmy", label: say.dmy },
        { value: "ymd", label: say.ymd },
      ],
    },
    decimal: {
      label: say.decimal,
      options: [
        { value: ".", label: "1,234.56" },
        { value: ",", label: "1.234,56" },
      ],
    },
  };
  const names = Object.keys(choices) as (keyof Dialect)[];
  return (
    <div className={styles.dialect}>
      {names.map((name) => (
        <Select
          key={name}
          label={choices[name].label}
          allowDeselect={false}
          data={choices[name].options}
          value={dialect[name]}
          onChange={(value) => value && onChange({ ...dialect, [name]: value })}
        />
      ))}
    </div>
  );
}
