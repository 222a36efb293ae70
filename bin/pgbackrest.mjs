import { existsSync } from "node:fs";

/** Debian's packages in which a host's own server and its backups are tested. */
export const ownServerPackages = ["postgresql-15", "pgbackrest"];

/** Whether a host's own server can be tried on this machine. */
export function hasPgBackRest() {
  return ["/usr/lib/postgresql/15/bin/postgres", "/usr/bin/pgbackrest"].every((path) => existsSync(path));
}
