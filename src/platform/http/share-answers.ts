import { finished } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { lastUser, Shares, whoseOf } from "#core/index.ts";
import { ipOf, sessionCookie } from "./call.ts";
import { socketIsSomebodys } from "./share-sockets.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Ends the request's share of what is answered at once, for what goes on in a share of its own. */
    leaveAnswers?: () => void;
  }
}

/**
 * What is answered at once. A browser has six requests under way; more than a user's places wait in turn, and so
 * does nobody's noise, before a byte of their bodies is read.
 */
const limits = {
  places: { all: 256, tenant: 48, nobody: 16, one: 8 },
  waiting: { all: 1_000, tenant: 300, nobody: 150, one: 60 },
};

/** Who is nobody and asks on all the same keeps his places for so long after each refusal: some 160 refusals a second. */
const refusedMilliseconds = 50;

/** Gives a request its tenant's, then its user's or network's share of the answers, until its own has left. */
export function sharesOfAnswers(): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const answers = new Shares(limits);
  return async (request, { raw }) => {
    const { tenant } = request;
    const asker = lastUser(tenant.pool(), request.cookies[sessionCookie]);
    if (asker !== undefined) socketIsSomebodys(request.raw.socket);
    const gone = new AbortController();
    const leave = () => gone.abort(new Error("The asker has gone."));
    raw.once("close", leave);
    const release = await answers.take(whoseOf({ tenant, ip: ipOf(request) }, asker), gone.signal);
    raw.off("close", leave);
    request.leaveAnswers = release;
    finished(raw, () => {
      if (raw.statusCode === 401) setTimeout(release, refusedMilliseconds);
      else release();
    });
  };
}
