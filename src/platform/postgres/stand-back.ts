import { readFile } from "node:fs/promises";
import type { ClientBase } from "pg";
import { standsBack } from "./floor.ts";

/** This program stands back for all others until it ends. */
export function standBack(): void {
  standsBack(process.pid);
}

/** The server's own process for this connection stands back until it is closed, where the server runs beside us. */
export async function letServerStandBack(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ pid: number; database: string }>(
    "SELECT pg_backend_pid() AS pid, current_database() AS database",
  );
  const { pid, database } = rows[0]!;
  // A server on another machine or in a container has numbers of its own, which here mean others.
  const title = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  if (!title.startsWith("postgres: ") || !title.includes(` ${database} `)) return;
  const release = standsBack(pid);
  client.once("end", release);
}
