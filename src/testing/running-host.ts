import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { changedPassword } from "./settled.ts";
import { nodeOptions } from "../../bin/run-until-end.mjs";

type Answer = {
  status: number;
  body: any;
  headers: Record<string, string | string[] | undefined>;
  text: string;
};

/** The whole program as a host runs it: a process of its own, a data folder, a port. */
export class RunningHost {
  readonly directory: string;
  readonly port: number;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #how: "alone" | "watched";
  #process: ChildProcess | undefined;
  output = "";

  private constructor(
    directory: string,
    port: number,
    environment: NodeJS.ProcessEnv,
    how: "alone" | "watched",
  ) {
    this.directory = directory;
    this.port = port;
    this.#environment = environment;
    this.#how = how;
  }

  /** On a folder of its own unless one is given. */
  static async start(
    environment: NodeJS.ProcessEnv = {},
    directory?: string,
    how: "alone" | "watched" = "alone",
  ): Promise<RunningHost> {
    const host = new RunningHost(
      directory ?? (await mkdtemp(join(tmpdir(), "strongroom-host-"))),
      await freePort(),
      environment,
      how,
    );
    await host.start();
    return host;
  }

  get exitCode(): number | null | undefined {
    return this.#process?.exitCode;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** The program itself, also below who watches it. */
  async programPid(): Promise<number> {
    if (this.#how === "alone") return this.pid;
    const children = await readFile(`/proc/${this.pid}/task/${this.pid}/children`, "utf8");
    return Number(children.trim().split(" ").at(-1));
  }

  async start(): Promise<void> {
    this.output = "";
    const environment = {
      ...process.env,
      STRONGROOM_DATA: this.directory,
      PORT: String(this.port),
      ...this.#environment,
    };
    const program = resolve(import.meta.dirname, "../apps/serve.ts");
    const words = this.#how === "alone" ? [...nodeOptions, program] : watching(program);
    const child = spawn(process.execPath, words, { env: environment });
    this.#process = child;
    child.stdout.on("data", (chunk) => (this.output += String(chunk)));
    child.stderr.on("data", (chunk) => (this.output += String(chunk)));
    const ended = once(child, "exit").then(() => {
      throw new Error(`The program ended at its start:\n${this.output}`);
    });
    await Promise.race([ended, this.#ready()]);
    ended.catch(() => undefined);
  }

  /** Waits for the word that is printed when it listens. */
  #ready(): Promise<void> {
    const { promise, resolve: listens } = Promise.withResolvers<void>();
    const look = () => {
      if (/Ready at|Server listening/.test(this.output)) listens();
    };
    this.#process?.stdout?.on("data", look);
    look();
    return promise;
  }

  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  }

  async remove(): Promise<void> {
    await this.end();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** One request to a tenant of this host; `cookie` is sent as it is. */
  ask(
    tenant: string,
    method: string,
    path: string,
    options: { body?: unknown; cookie?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const { promise, resolve: answer, reject } = Promise.withResolvers<Answer>();
    const headers = {
      host: `${tenant}.localhost:${this.port}`,
      ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
      ...(options.body === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    };
    const sent = request({ host: "127.0.0.1", port: this.port, method, path, headers }, (received) => {
      let text = "";
      received.on("data", (chunk) => (text += String(chunk)));
      received.on("error", reject);
      received.on("end", () => {
        const json = String(received.headers["content-type"]).includes("json");
        answer({
          status: received.statusCode ?? 0,
          body: json ? JSON.parse(text) : undefined,
          headers: received.headers,
          text,
        });
      });
    });
    sent.on("error", reject);
    sent.end(options.body === undefined ? undefined : JSON.stringify(options.body));
    return promise;
  }

  /** The session cookie of a user who signs in now. */
  async signIn(tenant: string, name: string, password: string): Promise<string> {
    const next = changedPassword(password);
    const first = await this.#trySignIn(tenant, name, password);
    // He may have changed it before, here or on the server that this one was recovered from.
    const { status, body, text, cookie } =
      first.status === 401 ? await this.#trySignIn(tenant, name, next) : first;
    if (status !== 200) throw new Error(`${name} could not sign in: ${text}`);
    if (body.mustChangePassword === true) await this.#changePassword(tenant, cookie, password, next);
    return cookie;
  }

  async #changePassword(tenant: string, cookie: string, current: string, next: string): Promise<void> {
    const options = { cookie, body: { current, next } };
    const { status, text } = await this.ask(tenant, "POST", "/api/session/password", options);
    if (status !== 200) throw new Error(`a first password could not be changed: ${text}`);
  }

  async #trySignIn(tenant: string, name: string, password: string): Promise<Answer & { cookie: string }> {
    const answer = await this.ask(tenant, "POST", "/api/sign-in", { body: { name, password } });
    const cookies = [answer.headers["set-cookie"] ?? []].flat();
    return { ...answer, cookie: cookies.map((cookie) => cookie.split(";")[0]).join("; ") };
  }

  /** A demo person's password as the first start printed it. */
  passwordOf(name: string): string {
    const [, password] =
      new RegExp(`^\\s+${name.replaceAll(".", "\\.")}\\s+(\\S+)`, "m").exec(this.output) ?? [];
    if (password === undefined) throw new Error(`No password of ${name} was printed:\n${this.output}`);
    return password;
  }
}

/** As `npm start` runs it, without installing and building first. */
export const watching = (program: string, ...words: string[]): string[] => [
  "--input-type=module",
  "-e",
  `import { watchProgram } from ${JSON.stringify(resolve(import.meta.dirname, "../../bin/watch-program.mjs"))};
   watchProgram(${JSON.stringify(program)}, ${JSON.stringify(words)});`,
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
