import { isIPv6, type BlockList } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Refusal } from "#core/index.ts";
import { addressList } from "./address-list.ts";
import { ipOf } from "./call.ts";

/** What the host asks of the program itself, at every host name. */
export type HostDoor = {
  /** Names this run of the program, for who must know whether it is the one he means. */
  readonly instance: string;
  /** Codes of what keeps tenants from being served; empty when nothing does. */
  readonly notReady: () => Promise<readonly string[]>;
  /** In Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  /** Addresses and networks (`10.0.0.0/8`) besides this machine that may read the metrics. */
  readonly metricsFrom: readonly string[];
  /** Told of every answer but streams. */
  readonly answered: (status: number, seconds: number) => void;
};

declare module "fastify" {
  interface FastifyContextConfig {
    /** Belongs to the host: no tenant is looked for. */
    ofTheHost?: boolean;
  }
}

export const instanceHeader = "x-strongroom-instance";
const ofTheHost = { config: { ofTheHost: true } };

/** Load balancers ask by address, so /health answers everybody, and tells no more than up or not and why by code. */
export function serveHost(server: FastifyInstance, door: HostDoor): void {
  const allowed = addressList(["127.0.0.0/8", "::1", ...door.metricsFrom]);
  server.get("/health/live", ofTheHost, async (_request, reply) =>
    reply.header(instanceHeader, door.instance).send({ live: true }),
  );
  server.get("/health/ready", ofTheHost, async (_request, reply) => {
    const reasons = await door.notReady();
    return reply.code(reasons.length === 0 ? 200 : 503).send({ ready: reasons.length === 0, reasons });
  });
  server.get("/metrics", ofTheHost, async (request, reply) => {
    if (!mayRead(request, allowed)) throw new Refusal("not_found");
    return reply.type("text/plain; version=0.0.4; charset=utf-8").send(await door.metrics());
  });
  server.addHook("onResponse", async (_request, reply) => {
    if (!String(reply.getHeader("content-type")).startsWith("text/event-stream"))
      door.answered(reply.statusCode, reply.elapsedTime / 1_000);
  });
}

const forwarding = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];

/** Behind a proxy that is not trusted everybody seems to come from this machine. */
function mayRead(request: FastifyRequest, allowed: BlockList): boolean {
  const isForwarded = forwarding.some((name) => request.headers[name] !== undefined);
  const trustsProxy = request.ips !== undefined && request.ips.length > 1;
  const address = ipOf(request);
  return (!isForwarded || trustsProxy) && allowed.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}
