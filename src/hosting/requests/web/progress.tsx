import { useWords } from "#ui/index.ts";
import styles from "./restore.module.css";
import type { Request } from "./restore-query.ts";
import { stateWords, stepWords } from "./restore.words.ts";

const steps = ["waiting", "unpack", "replay", "copy", "indexes", "compare", "switch"] as const;
const stepsBack = ["waiting", "switch"] as const;
const stepsBeside = [...steps.slice(0, -1), "step"] as const;

/** The steps of a restore, with the one it is at. */
export function Progress({ request }: { request: Request }) {
  const sayStep = useWords(stepWords);
  const sayState = useWords(stateWords);
  const all: readonly (keyof typeof sayStep)[] =
    request.kind === "back" ? stepsBack : request.kind === "moment" ? stepsBeside : steps;
  const at = Math.max(
    0,
    all.findIndex((step) => step === request.step),
  );
  return (
    <ol className={styles.steps} aria-label={sayState[request.state]}>
      {all.map((step, index) => (
        <li
          key={step}
          data-state={index < at ? "done" : index === at ? "now" : "next"}
          aria-current={index === at ? "step" : undefined}
        >
          {sayStep[step]}
        </li>
      ))}
    </ol>
  );
}
