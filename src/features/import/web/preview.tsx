import { PlainTable, useWords } from "#ui/index.ts";
import type { Target } from "./import-fields.ts";
import type { Import } from "./import-shapes.ts";
import styles from "./import.module.css";
import { importWords } from "./import.words.ts";

/** The first rows under the names they will have; what is wrong with a value says so on it. */
export function Preview({ one, targets }: { one: Import; targets: Target[] }) {
  const say = useWords(importWords);
  const mapped = new Set(Object.values(one.mapping));
  const shown = targets.filter(({ name }) => mapped.has(name));
  return (
    <PlainTable label={say.preview} heads={[say.row, ...shown.map(({ label }) => label)]}>
      {one.preview.slice(0, 8).map(({ row, values, problems }) => (
        <tr key={row}>
          <td className="quiet">{row}</td>
          {shown.map(({ name }) => {
            const problem = problems.find(({ field }) => field === name);
            return (
              <td key={name} className={problem ? styles.bad : "nowrap"} title={problem?.message}>
                {values[name]}
                {problem && <div>{problem.message}</div>}
              </td>
            );
          })}
        </tr>
      ))}
    </PlainTable>
  );
}
