import { existsSync } from "node:fs";

/** Part of util-linux, which every Debian has. */
const setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].find((path) => existsSync(path));

// One who was killed before the kernel was told sends no signal any more: his child has another parent by then.
const unlessAlone = 'test "$PPID" = "$0" && exec "$@"';

/**
 * A command for this program to start, which gets this signal from the kernel when this program is gone, however that
 * ended, and does not begin when it is gone already. Put it innermost: whoever changes his user forgets it.
 */
export function endingWithUs(
  signal: "TERM" | "QUIT" | "KILL",
  file: string,
  args: string[],
): [string, string[]] {
  if (setpriv === undefined) return [file, args];
  const command = ["/bin/sh", "-c", unlessAlone, String(process.pid), file, ...args];
  return [setpriv, ["--pdeathsig", signal, "--", ...command]];
}
