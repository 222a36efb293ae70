import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import {
  allLevels,
  PlainTable,
  scopeWords,
  Skeletons,
  Trouble,
  useLanguage,
  useModules,
  useWords,
  verbWords,
  type Level,
  type Verb,
} from "#ui/index.ts";
import styles from "./administration.module.css";
import { adminWords, permissionWords } from "./administration.words.ts";

const verbs: Verb[] = ["view", "create", "edit", "delete", "export", "reassign"];
const shownFirst = 61;

/** Who may do what: one level at a time, module by verb. */
export function LevelsArea() {
  const say = useWords(adminWords);
  const language = useLanguage();
  const navigate = useNavigate();
  const { level: chosen } = useSearch({ strict: false }) as { level?: number };
  const query = useQuery(allLevels);
  if (query.isPending) return <Skeletons rows={8} />;
  if (query.isError && !query.data)
    return <Trouble error={query.error} onRetry={() => void query.refetch()} />;
  const current = query.data.find(({ number }) => number === (chosen ?? shownFirst)) ?? query.data[0];
  return (
    <div className={styles.two}>
      <nav aria-label={say.levels}>
        <div className="quiet" style={{ padding: "0 8px 8px" }}>
          {say.inUse(query.data.length)}
        </div>
        {query.data.map(({ number, name, words }) => (
          <UnstyledButton
            key={number}
            className={styles.level ?? ""}
            aria-current={number === current?.number}
            onClick={() => void navigate({ to: ".", search: (now) => ({ ...now, level: number }) })}
          >
            <b>{number}</b> {words?.[language] ?? name}
          </UnstyledButton>
        ))}
      </nav>
      {current && <Matrix level={current} />}
    </div>
  );
}

function Matrix({ level }: { level: Level }) {
  const say = useWords(adminWords);
  const sayVerb = useWords(verbWords);
  const sayScope = useWords(scopeWords);
  const sayPermission: Record<string, string> = useWords(permissionWords);
  const language = useLanguage();
  const modules = useModules();
  const heads = [say.module, ...verbs.map((verb) => capital(sayVerb[verb]))];
  return (
    <div>
      <PlainTable label={`${level.number} ${level.name}`} heads={heads}>
        {modules.map((module) => (
          <tr key={module.name}>
            <td>{module.words[language].many}</td>
            {verbs.map((verb) => {
              const scope = level.rights[module.name]?.[verb] ?? "none";
              return (
                <td key={verb}>
                  <span className={styles.scope} data-scope={scope}>
                    {sayScope[scope]}
                  </span>
                </td>
              );
            })}
          </tr>
        ))}
      </PlainTable>
      <p className="quiet">{say.ownHint}</p>
      <p>
        {say.permissions}:{" "}
        {level.permissions.map((name) => sayPermission[name] ?? name).join(", ") || say.noPermissions}
      </p>
    </div>
  );
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
