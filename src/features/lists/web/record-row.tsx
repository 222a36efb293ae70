import { memo, type MouseEvent, type ReactNode } from "react";
import type { CrmRecord, Field, Module } from "#ui/index.ts";
import { FieldValue, isNumeric, titleOf } from "#features/fields/web/index.ts";
import { useJustChanged } from "#features/stream/web/index.ts";
import styles from "./lists.module.css";

type Props = {
  module: Module;
  fields: Field[];
  record: CrmRecord;
  index: number;
  top: number;
  isOpen: boolean;
  isActive: boolean;
  onOpen: (id: string, edit: boolean, replace: boolean) => void;
  /** Where a record's own page is, with the list beside it as it stands. */
  hrefOf: (id: string) => string;
  renderAction: ((record: CrmRecord) => ReactNode) | undefined;
};

/** The whole row opens the record; its name is the link that keyboards and new tabs use. */
export const RecordRow = memo(function RecordRow(props: Props) {
  const { module, fields, record, index, top, isOpen, isActive, onOpen, hrefOf, renderAction } = props;
  const changed = useJustChanged(module.name, record.id);
  const open = (event: MouseEvent) => {
    if ((event.target as HTMLElement).closest("a, button")) return;
    onOpen(record.id, false, isOpen);
  };
  const follow = (event: MouseEvent) => {
    // Another tab or window is the browser's affair.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onOpen(record.id, false, isOpen);
  };
  return (
    <div
      role="row"
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
      aria-rowindex={index + 2}
      aria-current={isOpen || undefined}
      data-row={index}
      data-on={isOpen}
      data-active={isActive}
      data-changed={changed}
      onClick={renderAction ? undefined : open}
    >
      {fields.map((field, column) => (
        <div key={field.name} role="cell" className={`${styles.cell} ${isNumeric(field) ? "number" : ""}`}>
          {column === 0 && !renderAction ? (
            <a className={styles.title} href={hrefOf(record.id)} onClick={follow}>
              {titleOf(module, record)}
            </a>
          ) : (
            <FieldValue field={field} value={record[field.name]} record={record} />
          )}
        </div>
      ))}
      {renderAction && (
        <div role="cell" className={styles.cell}>
          {renderAction(record)}
        </div>
      )}
    </div>
  );
});
