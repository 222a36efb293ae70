import { existsSync } from "node:fs";

/** Part of util-linux, which every Debian has. */
const setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].find((path) => existsSync(path));

/**
 * A command that gets this signal from the kernel when the program that started it is gone, however that ended. Put
 * it innermost: whoever changes his user forgets it.
 */
export function endingWithUs(
  signal: "TERM" | "QUIT" | "KILL",
  file: string,
  args: string[],
): [string, string[]] {
  if (setpriv === undefined) return [file, args];
  return [setpriv, ["--pdeathsig", signal, "--", file, ...args]];
}
