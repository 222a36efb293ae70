const ending = new AbortController();
const secondsMax = 5;

/** Aborted when this command is to end: by Ctrl-C, or because the program that started it is gone. */
export const ended: AbortSignal = ending.signal;

/**
 * What the command does is given up in order, so that no scratch server and no half-made database is left; what cannot be
 * given up in seconds is cleared away by the running program, or at its next start.
 */
export function endInOrder(): void {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(name, () => {
      ending.abort(new Error("The command was ended."));
      setTimeout(() => process.exit(1), secondsMax * 1_000).unref();
    });
}
