import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Debian's package with which a program is given a clock of its own. */
export const fakeTimePackage = "libfaketime";

/** Its library; undefined when it is not installed. */
export function findFakeTime() {
  const places = readdirSync("/usr/lib").map((name) => join("/usr/lib", name, "faketime/libfaketimeMT.so.1"));
  return places.find((path) => existsSync(path));
}
