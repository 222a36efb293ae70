import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import {
  askServer,
  joinServer,
  startEmbeddedPostgres,
  withClient,
  type EmbeddedServer,
  type ServerConnection,
} from "./index.ts";
import { isDatabaseAway } from "./failures.ts";
import { lockFolder } from "./folder-lock.ts";

const log = openLog({ level: "silent" });
const folders: string[] = [];
const asRoot = process.getuid?.() === 0;

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

test("what was acknowledged survives a kill -9 of the server, which comes back by itself", async () => {
  await using started = await aServer();
  const { server } = started;
  await run(server.connection, "CREATE TABLE kept (number int); INSERT INTO kept VALUES (1)");
  // However many tenants there are, nobody waits until each file of each of them was opened.
  expect(await run(server.connection, "SHOW recovery_init_sync_method")).toEqual([
    { recovery_init_sync_method: "syncfs" },
  ]);
  const killed = server.pid();
  process.kill(killed, "SIGKILL");
  expect(await eventually(server.connection, "SELECT number FROM kept")).toEqual([{ number: 1 }]);
  expect(server.pid()).not.toBe(killed);
});

test("a program started after a kill -9 of the first takes over the server that still runs", async () => {
  const directory = await aFolder();
  const first = spawn(
    process.execPath,
    [join(import.meta.dirname, "../../testing/server-to-kill.ts"), directory],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const [pid] = await once(first.stdout, "data");
  first.kill("SIGKILL");
  await once(first, "exit");
  const server = await startEmbeddedPostgres({ directory, log });
  expect(server.pid()).toBe(Number(pid));
  await server.stop();
  await expect(run(server.connection, "SELECT 1")).rejects.toSatisfy(isDatabaseAway);
});

test("a program started while the server of the one before is still stopping waits for its end and starts it again", async () => {
  const directory = await aFolder();
  const first = spawn(
    process.execPath,
    [join(import.meta.dirname, "../../testing/server-to-kill.ts"), directory],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const pid = Number((await once(first.stdout, "data"))[0]);
  const { connection } = await joinServer({ directory, log });
  const told = new PassThrough();
  const starting = await withClient(connection, async () => {
    first.kill("SIGKILL");
    await once(first, "exit");
    // It waits for whoever is still in.
    process.kill(pid, "SIGTERM");
    const next = startEmbeddedPostgres({ directory, log: openLog({ level: "info", destination: told }) });
    next.catch(() => undefined);
    expect(String(await once(told, "data"))).toContain("still running");
    return { next };
  });
  const server = await starting.next;
  expect(server.pid()).not.toBe(pid);
  expect(await run(server.connection, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await server.stop();
});

test("a second start on the same folder is refused in one sentence; a command joins instead", async () => {
  await using started = await aServer();
  const { directory, server } = started;
  await expect(startEmbeddedPostgres({ directory, log })).rejects.toMatchObject({
    name: "SetupError",
    message: `Strongroom already runs on ${directory} (process ${process.pid}). Stop it first, or set STRONGROOM_DATA.`,
  });
  const joined = await joinServer({ directory, log });
  expect(await run(joined.connection, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await joined.stop();
  expect(await run(server.connection, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("while the server of a running program is down a command is told so, with what it last said", async () => {
  const directory = await aFolder();
  const lock = await lockFolder(directory, "server");
  await writeFile(join(directory, "postgres-start.log"), "LOG: starting\nFATAL: No space left on device\n");
  const said = /does not run.*No space left on device/;
  await expect(joinServer({ directory, log })).rejects.toThrow(said);
  await expect(askServer(directory)).rejects.toThrow(said);
  await lock.release();
  await askServer(directory);
});

test("it listens on no network, and its secrets are for nobody else to read", async () => {
  await using started = await aServer();
  const { directory, server } = started;
  expect(await run(server.connection, "SHOW listen_addresses")).toEqual([{ listen_addresses: "" }]);
  for (const name of ["postgres.password", "postgres", "run"]) {
    expect(`${name} ${((await stat(join(directory, name))).mode & 0o077).toString(8)}`).toBe(`${name} 0`);
  }
  const wrong = { ...server.connection, password: "guessed" };
  await expect(run(wrong, "SELECT 1")).rejects.toThrow("password authentication failed");
  expect(await run(server.connection, "SHOW data_checksums")).toEqual([{ data_checksums: "on" }]);
});

test.runIf(asRoot)(
  "started by root it runs as somebody else, even in a folder closed to all others",
  async () => {
    const closed = await aFolder();
    await chmod(closed, 0o700);
    const directory = join(
      closed,
      "in-a-folder-with-a-name-so-long-that-no-socket-could-be-in-it".repeat(2),
      "data",
    );
    await mkdir(directory, { recursive: true });
    const server = await startEmbeddedPostgres({ directory, log });
    const status = await readFile(`/proc/${server.pid()}/status`, "utf8");
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe("0");
    // Of root's powers at most the one to pass through closed folders is left.
    const powers = BigInt(`0x${/^CapEff:\s+(\w+)/m.exec(status)?.[1]}`);
    expect([0n, 1n << 1n, 1n << 2n]).toContain(powers);
    expect(await run(server.connection, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await server.stop();
  },
);

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "strongroom-server-"));
  await chmod(folder, 0o755);
  folders.push(folder);
  return folder;
}

async function aServer(): Promise<{ directory: string; server: EmbeddedServer } & AsyncDisposable> {
  const directory = await aFolder();
  const server = await startEmbeddedPostgres({ directory, log });
  return { directory, server, [Symbol.asyncDispose]: () => server.stop() };
}

async function run(connection: ServerConnection, sql: string): Promise<unknown[]> {
  return withClient(connection, async (client) => (await client.query(sql)).rows);
}

async function eventually(connection: ServerConnection, sql: string): Promise<unknown[]> {
  for (;;) {
    try {
      return await run(connection, sql);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
    }
  }
}
