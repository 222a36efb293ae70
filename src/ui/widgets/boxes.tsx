import type { ReactNode } from "react";
import styles from "./widgets.module.css";

export function Box({
  children,
  tone,
  role,
}: {
  children: ReactNode;
  tone?: "warn" | "bad";
  role?: "alert" | "status";
}) {
  return (
    <div className={styles.box} data-tone={tone} role={role}>
      {children}
    </div>
  );
}

export function Panel({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className={styles.panel} aria-label={title}>
      {title && <h2>{title}</h2>}
      {children}
    </section>
  );
}

/** A bar from nothing to all of it; `share` from 0 to 1. */
export function Meter({ share, label }: { share: number; label: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div
      className={styles.meter}
      role="meter"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <span style={{ width: `${percent}%` }} />
    </div>
  );
}

/** A plain table for short lists; columns are the heads, `numbers` those aligned right. */
export function PlainTable({
  label,
  heads,
  numbers = [],
  children,
}: {
  label: string;
  heads: string[];
  numbers?: number[];
  children: ReactNode;
}) {
  return (
    <div className={styles.tableBox}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {heads.map((head, index) => (
              <th key={head || index} scope="col" className={numbers.includes(index) ? "number" : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
