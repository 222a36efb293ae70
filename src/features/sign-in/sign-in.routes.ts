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
  endSession,
  listSessions,
  setLanguage,
  showSession,
  signOut,
  signOutEverywhere,
} from "./session-actions.ts";
import { changePassword, changePasswordOperation } from "./change-password.ts";
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
    const { first, failed } = opened;
    if (first) return { session: null, mustChangePassword: true, failed };
    const session = await perform(showSession, { ...call, token: opened.token }, {});
    return { session, mustChangePassword: false, failed };
  },
};

const changePasswordRoute: Route = {
  action: changePasswordOperation,
  // A session of a first password opens nothing else and is nobody yet; the operation asks for the session itself.
  open: true,
  answer: async (request, _reply, call) => await changePassword(call, request.body ?? {}),
};

export const signInRoutes = routes({
  "POST /sign-in": signInRoute,
  "POST /sign-out": leaving(signOut),
  "POST /sign-out-everywhere": leaving(signOutEverywhere),
  "GET /session": showSession,
  "PATCH /session": setLanguage,
  "POST /session/password": changePasswordRoute,
  "GET /sessions": listSessions,
  "DELETE /sessions/:sessionId": endSession,
});

function leaving<Output>(action: Action<Record<string, never>, Output>): Route {
  return route(action, {
    answer: async (_request, reply: HttpReply, call) => {
      const result = await perform(action, call, {});
      reply.clearCookie(sessionCookie, cookie);
      // What the browser kept of the answers goes with the session; drafts stay, sealed to their user.
      reply.header("clear-site-data", '"cache"');
      return result;
    },
  });
}
