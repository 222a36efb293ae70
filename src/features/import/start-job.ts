import { command, type Action, type Work } from "#core/index.ts";
import { newToken, tokenHash } from "../sign-in/index.ts";
import { findLocked, mustBe, oneImport, permission, type OneImport } from "./find-import.ts";
import { importOutput, type Import } from "./import-shape.ts";
import { openJobSession } from "../job-session/index.ts";
import { findImport, setWaiting, type State, type StoredImport } from "./import.store.ts";

type Begun = { import: Import; token: string };

/** Begins a job that acts as its owner; the same asked again while it waits or runs gives it a new push. */
export function startJob(
  name: "run" | "undo",
  summary: string,
  states: readonly State[],
  allows: (work: Work<OneImport>, stored: StoredImport) => void,
  shown: (work: Work<OneImport>, stored: StoredImport) => Promise<Import>,
): Action<OneImport, Begun> {
  return command({
    name: `import.${name}`,
    summary,
    permission,
    input: oneImport,
    output: importOutput,
    find: findLocked,
    allows: (work, stored: StoredImport) => {
      mustBe(stored, states);
      allows(work, stored);
    },
    run: async (work, stored: StoredImport) => {
      const { db, audit } = work;
      const token = newToken();
      await openJobSession(db, tokenHash(token));
      if (stored.state !== "running") await setWaiting(db, stored.id, name === "run" ? "waiting" : "undoing");
      audit({ module: stored.module, detail: { import: stored.id } });
      return { import: await shown(work, (await findImport(db, stored.id)) as StoredImport), token };
    },
  });
}
