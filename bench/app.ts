import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { nodeOptions } from "../bin/run-until-end.mjs";

export type App = {
  readonly port: number;
  readonly pid: number;
  /** From the start of the process to its first answer. */
  readonly startSeconds: number;
  /** Resident memory of the process in megabytes. */
  memoryMegabytes(): Promise<number>;
  stop(): Promise<void>;
};

/** A first start makes a database server and the demo tenant. */
const startSecondsMax = 180;

/** Starts the program as its users do, on a data folder, and waits for the first answer to a question at `host`. */
export async function startApp(folder: string, port: number, host: string, demo: boolean): Promise<App> {
  const from = performance.now();
  const child = spawn(process.execPath, [...nodeOptions, join(import.meta.dirname, "../src/apps/serve.ts")], {
    env: {
      NODE_COMPILE_CACHE: join(import.meta.dirname, "../node_modules/.compiled"),
      ...process.env,
      STRONGROOM_DATA: folder,
      PORT: String(port),
      STRONGROOM_LOG: "warn",
      ...(demo ? {} : { STRONGROOM_DEMO: "off" }),
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  while (!(await answers(host, port))) {
    if (child.exitCode !== null || performance.now() - from > startSecondsMax * 1000) {
      child.kill("SIGTERM");
      throw new Error(`The program did not answer (exit code ${child.exitCode}).`);
    }
    await delay(10);
  }
  const pid = child.pid ?? 0;
  return {
    port,
    pid,
    startSeconds: (performance.now() - from) / 1000,
    memoryMegabytes: () => residentMegabytes(pid),
    stop: () => stopped(child),
  };
}

/** Whoever is not signed in is told so: the database has been asked. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    request({ host: "127.0.0.1", port, path: "/api/session", headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode === 401);
    })
      .on("error", () => resolve(false))
      .end();
  });
}

export async function residentMegabytes(pid: number): Promise<number> {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}
