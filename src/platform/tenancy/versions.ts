import type { ClientBase } from "pg";
import { readMigrations } from "../postgres/index.ts";

/** The version a database has after every migration of the folder. */
export async function versionOf(folder: string): Promise<number> {
  return (await readMigrations(folder)).length;
}

/** The version a database stands at. */
export async function versionIn(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    "SELECT coalesce(max(number), 0)::int AS version FROM public.schema_version",
  );
  return rows[0]?.version ?? 0;
}
