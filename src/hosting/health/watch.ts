import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "#platform/log/index.ts";
import type { Problem } from "../backup/problems.ts";
import type { HostHealth } from "./host-health.ts";

/** A problem that appeared or is gone, told once each. */
export type Alert = Problem & { state: "appeared" | "gone"; at: string };

export type Watch = { stop(): Promise<void> };

/** Looks again and again and tells of what changed. The first look comes after one pause: a start takes its time. */
export function watchHealth(
  look: () => Promise<HostHealth>,
  tell: (alert: Alert) => Promise<void>,
  { seconds, log }: { seconds: number; log: Log },
): Watch {
  const stopping = new AbortController();
  const pause = () =>
    delay(seconds * 1_000, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
  const run = async (): Promise<void> => {
    let before: readonly Problem[] = [];
    for (await pause(); !stopping.signal.aborted; await pause()) {
      const seen = await look().catch(
        (error: Error) => void log.error({ err: error }, "Cannot look at the health"),
      );
      if (seen === undefined) continue;
      const known = stillKnown(before, seen.problems);
      for (const alert of changes(before, known, seen.at)) await tell(alert);
      before = known;
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** While location or database are away the other problems cannot be seen, which does not mean that they are gone. */
export function stillKnown(before: readonly Problem[], now: readonly Problem[]): Problem[] {
  const isAway = ({ code }: Problem) => code === "location_away" || code === "database_away";
  if (!now.some(isAway)) return [...now];
  const unseen = before.filter(
    (problem) => !isAway(problem) && !now.some(({ code }) => code === problem.code),
  );
  return [...now, ...unseen];
}

/** By code: a problem whose words change is still the same one. */
export function changes(before: readonly Problem[], now: readonly Problem[], at: string): Alert[] {
  const isIn = (problems: readonly Problem[], { code }: Problem) =>
    problems.some((each) => each.code === code);
  const appeared = now.filter((problem) => !isIn(before, problem));
  const gone = before.filter((problem) => !isIn(now, problem));
  return [
    ...appeared.map((problem) => ({ ...problem, state: "appeared" as const, at })),
    ...gone.map((problem) => ({ ...problem, state: "gone" as const, at })),
  ];
}
