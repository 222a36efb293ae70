import type { Client, ClientBase } from "pg";
import { readMigrations, type Migration } from "./migration-files.ts";

/** A migration that did not run; the database stands at the version before it. */
export class MigrationFailed extends Error {
  override readonly name = "MigrationFailed";
}

// "strongroom" in ASCII, shortened to a bigint: no other program locks this number by chance.
const advisoryLock = "8391162011476455789";

/**
 * Brings a database to the newest version: every file of `folder` that was not applied yet, each in a
 * transaction of its own, so that a failure keeps the earlier ones and the next run goes on from there.
 * Stops after migration `upTo` when one is given. Returns the version reached. Throws MigrationFailed.
 */
export async function migrate(client: ClientBase, folder: string, upTo = Infinity): Promise<number> {
  const migrations = await readMigrations(folder);
  await inTransaction(client, () => client.query(versionTable));
  checkHistory(migrations, await appliedTo(client));
  const wanted = migrations.filter(({ number }) => number <= upTo);
  for (const migration of wanted) await apply(client, migration);
  return wanted.length;
}

const versionTable = `
  CREATE TABLE IF NOT EXISTS public.schema_version (
    number integer PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`;

type Applied = { number: number; name: string; sha256: string };

async function appliedTo(client: ClientBase): Promise<Applied[]> {
  const { rows } = await client.query<Applied>(
    "SELECT number, name, sha256 FROM public.schema_version ORDER BY number",
  );
  return rows;
}

function checkHistory(migrations: Migration[], applied: Applied[]): void {
  for (const { number, name, sha256 } of applied) {
    const migration = migrations[number - 1];
    if (!migration) {
      throw new MigrationFailed(`The database is at version ${number} (${name}), newer than this program.`);
    }
    if (migration.sha256 !== sha256) {
      throw new MigrationFailed(
        `${migration.name} was changed after it was applied. Add a new migration instead.`,
      );
    }
  }
}

async function apply(client: ClientBase, migration: Migration): Promise<void> {
  await inTransaction(client, async () => {
    const { rowCount } = await client.query("SELECT FROM public.schema_version WHERE number = $1", [
      migration.number,
    ]);
    if (rowCount) return;
    try {
      await client.query(migration.sql);
    } catch (error) {
      throw new MigrationFailed(
        `${migration.name}${lineOf(error, migration.sql)}: ${(error as Error).message}`,
        {
          cause: error,
        },
      );
    }
    await client.query("INSERT INTO public.schema_version (number, name, sha256) VALUES ($1, $2, $3)", [
      migration.number,
      migration.name,
      migration.sha256,
    ]);
  });
}

async function inTransaction(client: ClientBase, work: () => Promise<unknown>): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(`SELECT pg_advisory_xact_lock(${advisoryLock})`);
    await work();
    await client.query("COMMIT");
  } catch (error) {
    await (client as Client).query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

function lineOf(error: unknown, sql: string): string {
  const position = Number((error as { position?: string }).position);
  return position ? `:${sql.slice(0, position - 1).split("\n").length}` : "";
}
