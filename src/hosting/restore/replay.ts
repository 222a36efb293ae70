import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  RecoveryEnded,
  startRestoredServer,
  type RestoredPlace,
  type ServerConnection,
  type StartOptions,
} from "#platform/postgres/index.ts";
import { give } from "./lay-out.ts";

export type Replay = StartOptions & {
  /** What the server runs for every file of the log it wants. */
  restoreCommand: string;
  /** Everything committed at or before it is there; everything there is when absent. */
  target: Date | undefined;
  /** False when the log ended for another reason than that there is no more of it. */
  isAll: () => Promise<boolean>;
};

/** Starts a server on files from a base backup and has it replay the log up to the target. Throws RecoveryEnded. */
export async function replay(
  place: RestoredPlace,
  { restoreCommand, target, isAll, ...options }: Replay,
): Promise<{ connection: ServerConnection; stop(): Promise<void> }> {
  const start = (until: Date | undefined) =>
    startRestoredServer(place, {
      ...options,
      settings: { ...recoverySettings(restoreCommand, until), ...options.settings },
    });
  // With nothing committed after the target the server cannot know that it passed it: then all there is is right.
  return start(target).catch(async (error: unknown) => {
    if (!isQuietEnd(error) || !(await isAll())) throw error;
    await writeFile(join(place.folder, "recovery.signal"), "", { mode: 0o600 });
    await give(place, join(place.folder, "recovery.signal"));
    return start(undefined);
  });
}

function recoverySettings(restoreCommand: string, target: Date | undefined): Record<string, string> {
  const until = {
    recovery_target_time: target?.toISOString().replace("T", " ").replace("Z", "+00") ?? "",
    recovery_target_inclusive: "on",
    recovery_target_action: "promote",
  };
  return {
    restore_command: restoreCommand,
    recovery_target_timeline: "latest",
    archive_mode: "off",
    hot_standby: "off",
    logging_collector: "off",
    log_min_messages: "log",
    ...(target === undefined ? {} : until),
  };
}

const isQuietEnd = (error: unknown): boolean =>
  error instanceof RecoveryEnded &&
  error.message.includes("recovery ended before configured recovery target was reached");
