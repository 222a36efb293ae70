import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { recordCount } from "../api/records.ts";
import type { Module } from "../api/shapes.ts";
import { useModules, useSession } from "../session/session.tsx";
import { useFormats } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { mayAdminister, mayUseBin } from "./menus.ts";
import styles from "./shell.module.css";
import { shellWords } from "./shell.words.ts";

export function Rail() {
  const say = useWords(shellWords);
  const session = useSession();
  const modules = useModules();
  return (
    <nav className={styles.rail} aria-label={say.menu}>
      <div className={styles.brand}>
        <span className={styles.mark} aria-hidden />
        {session.tenant.name}
      </div>
      <Link to="/" className={styles.item} activeOptions={{ exact: true, includeSearch: false }}>
        {say.home}
      </Link>
      {modules.map((module) => (
        <ModuleItem key={module.name} module={module} />
      ))}
      <div className={styles.section}>{say.tools}</div>
      {session.permissions.includes("import") && (
        <Link to="/import" className={styles.item}>
          {say.imports}
        </Link>
      )}
      {mayUseBin(session) && (
        <Link to="/bin" className={styles.item} activeOptions={{ includeSearch: false }}>
          {say.bin}
        </Link>
      )}
      <div className={styles.grow} />
      {mayAdminister(session) && (
        <Link to="/administration" className={styles.item}>
          {say.administration}
        </Link>
      )}
    </nav>
  );
}

function ModuleItem({ module }: { module: Module }) {
  const language = useLanguage();
  const formats = useFormats();
  const { data } = useQuery(recordCount(module, {}));
  return (
    <Link
      to="/$module"
      params={{ module: module.path }}
      search={{}}
      className={styles.item}
      activeOptions={{ includeSearch: false }}
      aria-label={module.words[language].many}
    >
      {module.words[language].many}
      <span className={styles.tally}>{data && `${data.exact ? "" : "≈ "}${formats.number(data.count)}`}</span>
    </Link>
  );
}
