import type { FastifyReply, FastifyRequest } from "fastify";
import type { Action, Call, StreamAction } from "#core/index.ts";

export type HttpRequest = FastifyRequest;
export type HttpReply = FastifyReply;

/** What a route answers besides its result. */
export type RouteOptions = {
  /** The action's input from the request; path, query and body fields side by side unless said otherwise. */
  readonly input?: (request: HttpRequest) => unknown;
  readonly status?: number;
  /** Takes over the answer, for what is not JSON or sets cookies; it still names its action. */
  readonly answer?: (request: HttpRequest, reply: HttpReply, call: Call) => Promise<unknown>;
  /** The field of the input that is the body itself, a file; the others then stand in the query. */
  readonly file?: string;
  /** What an answer of its own is, if not JSON. */
  readonly mediaType?: string;
  /** Bytes the body may have; one mebibyte unless said otherwise, a few kilobytes where nobody is asked who he is. */
  readonly bodyBytesMax?: number;
  /** Answers who has not signed in; every other route knows who asks before it reads his body. */
  readonly open?: boolean;
};
/** Names an operation for the API's description where no action of the table runs it (signing in). */
export type Operation = Pick<Action, "name" | "summary" | "input" | "output">;
export type Route = { readonly action: (Operation & Partial<Action>) | StreamAction } & RouteOptions;

/** "GET /organisations/:id" → what answers it. Every path is below /api. */
export type RouteTable = { readonly [methodAndPath: string]: Route };

type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/** A table of routes; an action alone stands for itself without options. */
export function routes(table: {
  readonly [route: `${Method} /${string}`]: Action<never, unknown> | Action | Route;
}): RouteTable {
  return Object.fromEntries(
    Object.entries(table).map(([route, entry]) => [
      route,
      "run" in entry ? { action: entry as Action } : (entry as Route),
    ]),
  );
}

export function route<Input, Output>(
  action: Action<Input, Output> | StreamAction<Input>,
  options: RouteOptions = {},
): Route {
  return { action: action as Action | StreamAction, ...options };
}

/** Path, query and body as one input; a path parameter cannot be overridden. */
export function plainInput(request: HttpRequest): unknown {
  const body = request.body ?? {};
  if (typeof body !== "object" || Array.isArray(body)) return body;
  return { ...body, ...(request.query as object), ...(request.params as object) };
}

/** For changes: the id from the path, the fields from the body. */
export const changesInput = (request: HttpRequest): unknown => ({
  ...(request.params as object),
  changes: request.body ?? {},
});
