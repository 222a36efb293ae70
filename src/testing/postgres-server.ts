import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openLog } from "#platform/log/index.ts";
import {
  startEmbeddedPostgres,
  stopAbandonedPostgres,
  type ServerConnection,
} from "#platform/postgres/index.ts";

declare module "vitest" {
  interface ProvidedContext {
    testServer: { connection: ServerConnection; directory: string };
  }
}

const prefix = "strongroom-test-";

// A power cut during a test run loses nothing of worth.
const fastAndLoose = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  shared_buffers: "256MB",
  max_wal_size: "2GB",
};

/** Vitest's global set-up: one embedded server for the whole run, gone with its files at the end. */
export default async function startTestServer(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned();
  const directory = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const log = openLog({ level: "silent" });
  const server = await startEmbeddedPostgres({ directory, log, settings: fastAndLoose });
  project.provide("testServer", { connection: server.connection, directory });
  return async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
}

// A run that was killed leaves its server behind; nobody else would ever stop it.
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(name.startsWith(prefix) && name.slice(prefix.length).split("-")[0]);
    if (!pid || isAlive(pid)) continue;
    const directory = join(tmpdir(), name);
    await stopAbandonedPostgres(directory).catch(() => undefined);
    await rm(directory, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
