import { UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useLanguage, type Field } from "#ui/index.ts";
import { isNumeric } from "#features/fields/web/index.ts";
import styles from "./lists.module.css";

type Props = {
  fields: Field[];
  sort: string | undefined;
  onSort: ((sort: string | null) => void) | undefined;
  withAction: boolean;
};

export function TableHeader({ fields, sort, onSort, withAction }: Props) {
  return (
    <div role="rowgroup" className={styles.header}>
      <div role="row" style={{ display: "contents" }}>
        {fields.map((field) => (
          <Head key={field.name} field={field} sort={sort} onSort={onSort} />
        ))}
        {withAction && <div role="columnheader" className={styles.head} />}
      </div>
    </div>
  );
}

/** Clicking sorts upwards, then downwards, then as the module comes. */
function Head({ field, sort, onSort }: Pick<Props, "sort" | "onSort"> & { field: Field }) {
  const language = useLanguage();
  const direction = sort === field.name ? "ascending" : sort === `-${field.name}` ? "descending" : "none";
  const next = { none: field.name, ascending: `-${field.name}`, descending: null }[direction];
  const name = field.words[language];
  const Arrow = direction === "ascending" ? IconArrowUp : IconArrowDown;
  return (
    <div
      role="columnheader"
      className={`${styles.head} ${isNumeric(field) ? "number" : ""}`}
      aria-sort={direction}
    >
      {field.sortable && onSort ? (
        <UnstyledButton className={styles.sorter ?? ""} onClick={() => onSort(next)}>
          {name}
          {direction !== "none" && <Arrow size={12} aria-hidden />}
        </UnstyledButton>
      ) : (
        name
      )}
    </div>
  );
}
