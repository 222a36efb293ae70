import { perform, type Action } from "#core/index.ts";
import {
  deviceCookie,
  route,
  routes,
  sessionCookie,
  type HttpReply,
  type Route,
} from "#platform/http/index.ts";
import {
  changePassword,
  endSession,
  listSessions,
  setLanguage,
  showSession,
  signOut,
  signOutEverywhere,
} from "./session-actions.ts";
import { signIn, signInOperation } from "./sign-in.ts";

const cookie = { path: "/", httpOnly: true, secure: true, sameSite: "lax" } as const;
/** A device is remembered for a year, so that a stranger's guesses do not block it. In seconds. */
const deviceSeconds = 365 * 24 * 3600;

const signInRoute: Route = {
  action: signInOperation,
  open: true,
  answer: async (request, reply, call) => {
    const opened = await signIn(call, request.body ?? {}, request.cookies[deviceCookie]);
    reply.setCookie(sessionCookie, opened.token, cookie);
    reply.setCookie(deviceCookie, opened.device, { ...cookie, maxAge: deviceSeconds });
    return { session: await perform(showSession, { ...call, token: opened.token }, {}) };
  },
};

export const signInRoutes = routes({
  "POST /sign-in": signInRoute,
  "POST /sign-out": leaving(signOut),
  "POST /sign-out-everywhere": leaving(signOutEverywhere),
  "GET /session": showSession,
  "PATCH /session": setLanguage,
  "POST /session/password": changePassword,
  "GET /sessions": listSessions,
  "DELETE /sessions/:sessionId": endSession,
});

function leaving<Output>(action: Action<Record<string, never>, Output>): Route {
  return route(action, {
    answer: async (_request, reply: HttpReply, call) => {
      const result = await perform(action, call, {});
      reply.clearCookie(sessionCookie, cookie);
      return result;
    },
  });
}
