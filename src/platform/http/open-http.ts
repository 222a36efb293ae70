import { finished } from "node:stream";
import fastifyCookie from "@fastify/cookie";
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { v7 as timeOrderedId } from "uuid";
import { mustBeAdmitted, perform, Refusal, Shares, type Action, type TenantConnection } from "#core/index.ts";
import type { Log } from "../log/index.ts";
import { holdAnswers } from "./answer-body.ts";
import { answerError } from "./answer-error.ts";
import { callOf, ipOf } from "./call.ts";
import { parseBodies } from "./bodies.ts";
import { refuseCrossSite, securityHeaders } from "./browser-safety.ts";
import { sendStream } from "./send-stream.ts";
import { sharesOfAnswers } from "./share-answers.ts";
import { shareSockets } from "./share-sockets.ts";
import { addressList } from "./address-list.ts";
import { holdToPace, refusePipelines, type Pace } from "./pace.ts";
import { serveHost, type HostDoor } from "./serve-host.ts";
import { serveDescription } from "./serve-description.ts";
import { serveWeb } from "./serve-web.ts";
import { plainInput, type HttpReply, type HttpRequest, type Route, type RouteTable } from "./routes.ts";

declare module "fastify" {
  interface FastifyRequest {
    tenant: TenantConnection;
  }
  interface FastifyContextConfig {
    /** Asked with or answered with a secret. */
    secret?: boolean;
    /** Answers who has not signed in. */
    open?: boolean;
  }
}

export type HttpOptions = {
  /** The tenant at exactly this host name, undefined when there is none; throws a Refusal when it is suspended. */
  readonly tenantAt: (host: string) => Promise<TenantConnection | undefined>;
  readonly routes: RouteTable;
  readonly log: Log;
  /** Folder of the built web app; absent in tests of the API alone. */
  readonly webDirectory?: string | undefined;
  /** Peers whose forwarded headers count; nobody's unless listed (W-13). */
  readonly proxies?: readonly string[];
  /** Health and metrics; absent in tests of the API alone. */
  readonly host?: HostDoor;
  /** How fast answers must be read; as shipped unless a test says otherwise. */
  readonly pace?: Pace;
  /** Milliseconds within which a request must have come; as shipped unless a test says otherwise. */
  readonly timeouts?: {
    headersTimeout?: number;
    requestTimeout?: number;
    connectionsCheckingInterval?: number;
  };
};

/** What somebody unknown may send: a name and a password at their longest. */
const openBodyBytesMax = 8_192;
const bodyBytesMax = 1_048_576;

/** The HTTP server over one table of routes. Every path is closed unless a route opens it. */
export async function openHttp(options: HttpOptions): Promise<FastifyInstance> {
  const server = Fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.proxies === undefined || options.proxies.length === 0 ? false : [...options.proxies],
    genReqId: () => timeOrderedId(),
    bodyLimit: openBodyBytesMax,
    requestTimeout: options.timeouts?.requestTimeout ?? 60_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000, ...options.timeouts },
    // An open stream must not keep the program from ending.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200, caseSensitive: true },
    frameworkErrors: (error, request, reply) => void answerError(error, request as never, reply as never),
  });
  await server.register(fastifyCookie);
  parseBodies(server);
  server.setErrorHandler(answerError);
  shareSockets(server.server, addressList(options.proxies ?? []));
  const takeShare = sharesOfAnswers();
  holdToPace(server.server, options.pace);
  refusePipelines(server.server);
  holdAnswers(server);
  server.addHook("onRequest", async (request, reply) => {
    reply.headers({ ...securityHeaders, "x-request-id": request.id });
    if (request.routeOptions.config.ofTheHost === true) return;
    const tenant = await options.tenantAt(hostOf(request));
    if (tenant === undefined) throw new Refusal("no_such_tenant");
    request.tenant = tenant;
    refuseCrossSite(request);
    if (!comesFirst(request)) await takeShare(request, reply);
  });
  server.addHook("preValidation", async (request, reply) => {
    if (comesFirst(request)) await takeShare(request, reply);
  });
  for (const [methodAndPath, route] of Object.entries(options.routes)) addRoute(server, methodAndPath, route);
  if (options.host !== undefined) serveHost(server, options.host);
  serveDescription(server, options.routes);
  await serveWeb(server, options.webDirectory);
  return server;
}

function addRoute(server: FastifyInstance, methodAndPath: string, route: Route): void {
  const [method = "GET", path = "/"] = methodAndPath.split(" ");
  server.route({
    method,
    url: `/api${path}`,
    // What takes over its answer would answer HEAD too, and a stream never ends.
    exposeHeadRoute: route.answer === undefined && route.action.kind !== "stream",
    config: {
      secret: "secret" in route.action && route.action.secret === true,
      open: route.open === true,
    },
    ...(route.open === true ? {} : closed(route)),
    handler: async (request, reply) => {
      const call = callOf(request);
      // Signing in is no action of the table, and changes something all the same.
      if (call.momentId !== undefined && route.action.kind === undefined)
        throw new Refusal("moment_read_only");
      if (route.action.kind === "stream") return await sendStream(route.action, request, reply, call);
      if (route.answer !== undefined) return await route.answer(request, reply, call);
      const result = await perform(route.action as Action, call, (route.input ?? plainInput)(request));
      reply.code(route.status ?? 200);
      return result ?? {};
    },
  });
}

/** The one Host header, whole; two of them, or a host in the request line as well, name nobody. */
function hostOf({ raw, host }: HttpRequest): string {
  const hosts = raw.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === "host");
  return hosts.length === 1 && raw.url?.startsWith("/") === true ? host : "";
}

/** Large bodies at once: each is in memory until it is laid down. */
const largeBodies = new Shares({ places: { all: 3, tenant: 1, nobody: 0, one: 1 }, usualSeconds: 10 });

/** A body is read only for who may send it, and few large ones at once. */
function closed({ action, bodyBytesMax: bodyLimit = bodyBytesMax }: Route) {
  const isLarge = bodyLimit > bodyBytesMax;
  return {
    bodyLimit,
    preParsing: async (request: HttpRequest, { raw }: HttpReply) => {
      if (!hasBody(request)) return;
      await mustBeAdmitted(action, callOf(request), isLarge);
      const whose = { tenant: request.tenant.id, user: 0, network: ipOf(request) };
      if (isLarge) finished(raw, await largeBodies.take(whose));
    },
  };
}

/** A body that anybody may send is small and has come before it takes a share: nobody holds one by sending slowly. */
const comesFirst = (request: HttpRequest): boolean =>
  (request.is404 || request.routeOptions.config.open === true) && hasBody(request);

const hasBody = ({ headers }: HttpRequest): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;
