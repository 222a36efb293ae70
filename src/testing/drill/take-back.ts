import { setTimeout as delay } from "node:timers/promises";
import { strongroom } from "./command.ts";
import { differences, type Moment, type Salesman } from "./salesman.ts";
import type { Steps } from "./steps.ts";

type Opened = { id: string; copied: { rows: number } };
type Taking = { id: string; state: string; taken: number; refused: number };

const pauseMilliseconds = 200;

/** Opens a moment before deletions beside the present, takes single records and then the rest back, and undoes that. */
export async function takeBackFrom(
  steps: Steps,
  directory: string,
  person: Salesman,
  moment: Moment,
): Promise<void> {
  const opened = await steps.take(
    "open the moment before the deleting beside the present",
    () => strongroom<Opened>(directory, "restore", person.key, "--to", moment.at.toISOString(), "--beside"),
    ({ copied }) => ({ ok: copied.rows > 0, seen: `${copied.rows} rows compared, equal` }),
  );
  await steps.take(
    "take back single records from it, then all deleted, and undo that",
    () => takeBack(person, moment, opened.id),
    ({ one, all, different, afterUndo }) => ({
      ok: one.taken === 1 && all.taken > 0 && one.refused + all.refused + different + afterUndo === 0,
      seen: `1 and ${all.taken} taken back, ${different} otherwise; undone, ${afterUndo} otherwise`,
    }),
  );
}

async function takeBack(person: Salesman, moment: Moment, id: string) {
  const path = `/api/moments/${id}`;
  const before = await person.names();
  const { items } = await person.ask("GET", `${path}/changes?module=organisation&kind=deleted&limit=1`, 200);
  const chosen = items.map((item: { id: string; version: number }) => ({
    module: "organisation",
    id: item.id,
    version: item.version,
  }));
  const one: Taking = await person.ask("POST", `${path}/take-back`, 201, { items: chosen });
  const withOne = await person.names();
  const begun: Taking = await person.ask("POST", `${path}/take-back-deleted`, 202, {
    module: "organisation",
  });
  const all = await ended(person, begun.id, "done");
  const expected = [...new Set([...before, ...moment.names])].sort();
  const different = differences(expected, await person.names());
  await person.ask("POST", `/api/take-backs/${all.id}/undo`, 202);
  await ended(person, all.id, "undone");
  return { one, all, different, afterUndo: differences(withOne, await person.names()) };
}

async function ended(person: Salesman, id: string, wanted: string): Promise<Taking> {
  for (;;) {
    const taking: Taking = await person.ask("GET", `/api/take-backs/${id}`, 200);
    if (taking.state === wanted) return taking;
    if (taking.state === "failed") throw new Error("Taking back failed.");
    await delay(pauseMilliseconds);
  }
}
