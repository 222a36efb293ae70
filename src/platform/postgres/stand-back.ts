import { readdir, readFile, writeFile } from "node:fs/promises";
import { setPriority } from "node:os";
import type { ClientBase } from "pg";

/** Behind requests, before nothing: what stands back takes what the machine has left. */
export const standingBack = 10;

/** This program stands back for all others until it ends. */
export async function standBack(): Promise<void> {
  // Linux keeps a priority for each thread, and gives new ones that of the thread that made them.
  const threads = await readdir("/proc/self/task").catch(() => [String(process.pid)]);
  for (const thread of threads) lower(Number(thread));
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
  lower(pid);
  // Linux may weigh sessions before processes (sched_autogroup), and each process of the server is a session.
  await writeFile(`/proc/${pid}/autogroup`, String(standingBack)).catch(() => undefined);
}

function lower(id: number): void {
  try {
    setPriority(id, standingBack);
  } catch {
    // It is gone by now, or somebody else's, and keeps its pace.
  }
}
