import { useEffect, type ReactNode } from "react";
import styles from "./widgets.module.css";

type Props = { title: string; quiet?: ReactNode; children?: ReactNode };

/** The page's name, a quiet word about it, and what can be done here. Also names the browser's tab. */
export function PageHead({ title, quiet, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Strongroom`;
  }, [title]);
  return (
    <div className={styles.head}>
      <h1>{title}</h1>
      {quiet !== undefined && <span className="quiet">{quiet}</span>}
      <div className={styles.actions}>{children}</div>
    </div>
  );
}
