import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const root = join(import.meta.dirname, "../../..");
const startSecondsMax = 90;

/** The program as one starts it, as a process of its own. */
export type Instance = {
  readonly address: { readonly host: string; readonly port: number };
  readonly restart: (environment: Readonly<Record<string, string>>) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Starts the program on a data folder, without demo tenant, and waits until it answers. Throws what it complained of. */
export async function startInstance(
  directory: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Instance> {
  const address = { host: "127.0.0.1", port: await freePort() };
  let process_ = await begin(directory, address, settings);
  return {
    address,
    restart: async (environment) => {
      await end(process_);
      process_ = await begin(directory, address, { ...settings, ...environment });
    },
    stop: () => end(process_),
  };
}

async function begin(
  directory: string,
  address: Instance["address"],
  environment: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const { STRONGROOM_PROXIES: _, ...inherited } = process.env;
  const settings = {
    STRONGROOM_DATA: directory,
    STRONGROOM_DEMO: "off",
    PORT: String(address.port),
    HOST: address.host,
    STRONGROOM_LOG: "error",
  };
  const child = spawn(
    process.execPath,
    ["--import", join(root, "bin/end-with-parent.mjs"), join(root, "src/apps/serve.ts")],
    {
      env: { ...inherited, ...settings, ...environment },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    },
  );
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)));
  for (let waited = 0; waited < startSecondsMax; waited += 0.1) {
    if (child.exitCode !== null) throw new Error(`Strongroom did not start: ${complaint.trim()}`);
    if (await answers(address)) return child;
    await delay(100);
  }
  child.kill("SIGKILL");
  throw new Error(`Strongroom did not answer within ${startSecondsMax} s: ${complaint.trim()}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

/** Whether a Strongroom answers there: one names every request. */
export function answers(address: Instance["address"]): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ ...address, path: "/api/session", timeout: 2_000 }, (answer) => {
      answer.resume();
      resolve(answer.headers["x-request-id"] !== undefined);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
    asked.end();
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
