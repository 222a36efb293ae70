import { request } from "node:http";
import type { System } from "../system.ts";

export type Answer = { status: number; body: any; requestId: string };
/** `from` is the address of this machine to come from; `type` sends the body as it is under that content type. */
export type Asking = { headers?: Record<string, string>; from?: string; type?: string };

/** Somebody's browser at a tenant's address: keeps its cookies, and may come from another address of this machine. */
export type Browser = {
  readonly ask: (method: string, path: string, body?: unknown, asking?: Asking) => Promise<Answer>;
  readonly signIn: (name: string, password: string, asking?: Asking) => Promise<Answer>;
  /** The session token it was given. */
  readonly token: () => string;
};

export function openBrowser(address: System["address"], host: string): Browser {
  const cookies = new Map<string, string>();
  const ask: Browser["ask"] = (method, path, body, asking = {}) =>
    new Promise((resolve, reject) => {
      const text =
        body === undefined || asking.type !== undefined ? (body as string | undefined) : JSON.stringify(body);
      const headers = {
        host: `${host}:${address.port}`,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(text === undefined
          ? {}
          : {
              "content-type": asking.type ?? "application/json",
              "content-length": String(Buffer.byteLength(text)),
            }),
        ...asking.headers,
      };
      const sent = request(
        {
          ...address,
          method,
          path,
          headers,
          agent: false,
          ...(asking.from === undefined ? {} : { localAddress: asking.from }),
        },
        (received) => {
          for (const cookie of received.headers["set-cookie"] ?? []) keep(cookies, cookie);
          const parts: Buffer[] = [];
          received.on("data", (part: Buffer) => parts.push(part));
          received.on("error", reject);
          received.on("end", () =>
            resolve(answerOf(received.statusCode ?? 0, Buffer.concat(parts).toString(), received.headers)),
          );
        },
      );
      sent.setTimeout(30_000, () => sent.destroy(new Error("no answer within 30 s")));
      sent.on("error", reject);
      sent.end(text);
    });
  return {
    ask,
    signIn: (name, password, asking) => ask("POST", "/api/sign-in", { name, password }, asking),
    token: () => cookies.get("__Host-strongroom") ?? "",
  };
}

function answerOf(status: number, text: string, headers: Record<string, unknown>): Answer {
  const json = String(headers["content-type"]).includes("json");
  return {
    status,
    body: json && text !== "" ? JSON.parse(text) : text,
    requestId: String(headers["x-request-id"] ?? ""),
  };
}

function keep(cookies: Map<string, string>, cookie: string): void {
  const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
  cookies.set(name, value);
}
