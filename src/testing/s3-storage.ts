import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { buildApp } from "fauxqs";

/** How a storage can go wrong; `changed` flips a bit of what it is given, `cut` breaks answers off in their middle. */
export type StorageFault = "silent" | "busy" | "denied" | "full" | "changed" | "cut";

/** A storage that speaks S3, on this machine, with an empty bucket. */
export type Storage = {
  bucket: string;
  /** What a host would set. */
  environment: Record<string, string>;
  /** Bytes it has been sent, at most in one request. */
  largestRequestBytes(): number;
  /** From now on, or only for the next requests of which there are `times`. */
  fail(fault: StorageFault | undefined, times?: number): void;
  close(): Promise<void>;
};

const accessKey = "storage-of-the-tests";
const refusals = {
  busy: [503, "SlowDown"],
  denied: [403, "AccessDenied"],
  full: [507, "QuotaExceeded"],
} as const;

export async function startStorage(): Promise<Storage> {
  const app = buildApp({ logger: false });
  let fault: StorageFault | undefined;
  let left = 0;
  let largest = 0;
  const strikes = (...those: StorageFault[]) => fault !== undefined && those.includes(fault) && left-- > 0;
  const claimed = new Set<string>();
  app.addHook("onRequest", async (request, reply) => {
    // The storage of the tests does not know the condition itself, as every real one does by now.
    if (request.method === "PUT" && request.headers["if-none-match"] === "*") {
      const [path = ""] = request.url.split("?");
      if (claimed.has(path)) return reply.status(412).send("");
      claimed.add(path);
    }
    largest = Math.max(largest, Number(request.headers["content-length"] ?? 0));
    if (strikes("silent")) await delay(60_000, undefined, { ref: false });
    const isKnown = request.headers.authorization?.includes(`Credential=${accessKey}/`);
    const refusal = !isKnown
      ? ([403, "InvalidAccessKeyId"] as const)
      : strikes("busy", "denied", "full") && refusals[fault as keyof typeof refusals];
    if (!refusal) return undefined;
    const [status, code] = refusal;
    reply.header("content-type", "application/xml");
    return reply.status(status).send(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
  });
  app.addHook("preHandler", async (request) => {
    if (request.body instanceof Buffer && request.body.length > 0 && strikes("changed"))
      request.body[0] = (request.body[0] ?? 0) ^ 1;
  });
  app.addHook("onSend", async (_, reply, payload) => {
    if (!(payload instanceof Buffer) || payload.length < 100_000 || !strikes("cut")) return payload;
    reply.raw.writeHead(reply.statusCode, { "content-length": payload.length });
    reply.raw.write(payload.subarray(0, payload.length / 2), () => reply.raw.destroy());
    reply.hijack();
    return payload;
  });
  const endpoint = await app.listen({ port: 0, host: "127.0.0.1" });
  const bucket = `backups-${randomUUID().slice(0, 8)}`;
  const environment = {
    STRONGROOM_S3_ENDPOINT: endpoint,
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: "not a secret",
  };
  await makeBucket(environment, bucket);
  return {
    bucket,
    environment,
    largestRequestBytes: () => largest,
    fail(next, times = Infinity) {
      fault = next;
      left = times;
    },
    async close() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

async function makeBucket(environment: Storage["environment"], bucket: string): Promise<void> {
  const client = new S3Client({
    endpoint: environment["STRONGROOM_S3_ENDPOINT"] ?? "",
    region: "us-east-1",
    forcePathStyle: true,
    credentials: {
      accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
}
