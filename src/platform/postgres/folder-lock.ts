import { spawnSync, type StdioOptions } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, realpathSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { SetupError } from "./setup-error.ts";

/** Released once; a second call does nothing. */
export type FolderLock = { release(): Promise<void> };

/** What the holder of a folder says about itself: `server` stays, `command` is gone in a moment. */
export type Purpose = "server" | "command";

// A start waits for a command of the host's, be it a restore; a command says soon that there is another.
const waits: Record<Purpose, number> = { server: 600, command: 30 };

/**
 * Makes this program the only one that starts or stops the server of a data folder. The lock is a socket in
 * Linux's abstract namespace, which answers who has it, and one on the folder itself, which a program in another
 * container sees too. The kernel frees both however the holder dies: no stale lock can remain.
 * Waits up to `waitSeconds` for a short-lived holder. Throws FolderInUse.
 */
export async function lockFolder(
  directory: string,
  purpose: Purpose,
  waitSeconds = waits[purpose],
): Promise<FolderLock> {
  const address = addressOf(directory);
  let silent = 0;
  for (let waited = 0; ; waited += 0.1) {
    const server = await listen(address, `${purpose} ${process.pid}`);
    if (server) {
      const folder = lockItself(directory);
      const release = () => new Promise<void>((done) => server.close(() => done()));
      if (folder !== undefined) return { release: once(() => release().finally(() => closeSync(folder))) };
      await release();
      if (waited >= seenElsewhereSeconds) throw new FolderInUse(directory, elsewhere);
      await delay(100);
      continue;
    }
    const holder = await ask(address);
    silent = holder === undefined ? silent + 1 : 0;
    // A program that hangs keeps its folder and its server: a command works beside it as beside one that does not.
    if (purpose === "command" && silent >= silentTimes) throw new FolderInUse(directory, hangs);
    if (holder && (holder.purpose === "server" || waited >= waitSeconds))
      throw new FolderInUse(directory, holder);
    if (waited >= waitSeconds)
      throw new SetupError(`${directory} is locked by a program that does not answer.`);
    await delay(100);
  }
}

/** The number of a file that was closed may be another file's by now. */
function once(release: () => Promise<void>): () => Promise<void> {
  let released: Promise<void> | undefined;
  return () => (released ??= release());
}

const silentTimes = 2;
// One that was killed a moment ago is still being cleared away.
const seenElsewhereSeconds = 5;

/** The folder, locked for as long as it is open; undefined when another program has it so. */
function lockItself(directory: string): number | undefined {
  const folder = openSync(directory, "r");
  // The lock is the open folder's, not that of the program that asked for it.
  const stdio: StdioOptions = ["ignore", "ignore", "ignore", folder];
  const { status } = spawnSync("flock", ["--nonblock", "--conflict-exit-code", "75", "3"], { stdio });
  if (status !== 75) return folder;
  closeSync(folder);
  return undefined;
}

/** Who has the folder; undefined when nobody has. One that does not say so within a second is a server that hangs. */
export async function holderOf(directory: string): Promise<Holder | undefined> {
  if (!existsSync(directory)) return undefined;
  const probe = await listen(addressOf(directory), "command 0");
  if (probe !== undefined) return void probe.close();
  return (await ask(addressOf(directory))) ?? hangs;
}

const addressOf = (directory: string): string =>
  `\0strongroom-${createHash("sha256").update(realpathSync(directory)).digest("hex").slice(0, 40)}`;

export type Holder = { purpose: string; pid: string };
const hangs: Holder = { purpose: "server", pid: "unknown" };
const elsewhere: Holder = { purpose: "server", pid: "of another container" };

export class FolderInUse extends SetupError {
  readonly purpose: string;
  constructor(directory: string, holder: Holder) {
    super(
      `Strongroom already runs on ${directory} (process ${holder.pid}). Stop it first, or set STRONGROOM_DATA.`,
    );
    this.purpose = holder.purpose;
  }
}

function listen(address: string, greeting: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.on("error", () => undefined).end(greeting));
    server.unref();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen(address, () => resolve(server));
  });
}

function ask(address: string): Promise<Holder | undefined> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(address);
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      const [purpose, pid] = answer.split(" ");
      resolve(purpose && pid ? { purpose, pid } : undefined);
    });
  });
}
