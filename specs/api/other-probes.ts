import { randomUUID } from "node:crypto";
import type { Browser, TestApi } from "#testing/api.ts";
import { upload } from "#testing/imports.ts";

type Probe = (browser: Browser, api: TestApi) => Promise<boolean>;

/** True when the request was not refused for want of a right. */
const asks =
  (method: string, path: string, body?: unknown): Probe =>
  async (browser) => {
    const { status } = await browser.ask(method, `/api${path}`, body);
    if (status >= 500) throw new Error(`${method} ${path} answered ${status}`);
    return status !== 403 && status !== 401;
  };

/** A user below everybody, made anew by the administrator, to be worked on. */
const onUser =
  (method: string, rest: string, body?: unknown): Probe =>
  async (browser, api) => {
    const user = await api.aUser({ name: randomUUID(), level: 25 });
    const { status } = await browser.ask(method, `/api/users/${user.id}${rest}`, body, {
      headers: { "if-match": '"1"' },
    });
    return status === 200;
  };

/** An import of the asker's own, where he may upload one at all. */
const onImport =
  (method: string, rest: string, body?: unknown): Probe =>
  async (browser) => {
    const uploaded = await upload(browser, "organisation", "name\nAcme\n");
    const id = uploaded.status === 201 ? uploaded.body.id : randomUUID();
    return asks(method, `/imports/${id}${rest}`, body)(browser, undefined as never);
  };

/** How to find out whether a level opens a route that is not about one record. */
export const otherProbes: Record<string, Probe> = {
  "POST /sign-in": asks("GET", "/session"),
  // Whoever has a session may end it; asking so would end the session the other probes use.
  "POST /sign-out": asks("GET", "/session"),
  "POST /sign-out-everywhere": asks("GET", "/session"),
  "GET /session": asks("GET", "/session"),
  "PATCH /session": asks("PATCH", "/session", { language: "en" }),
  "POST /session/password": asks("POST", "/session/password", { current: "wrong", next: "also wrong" }),
  "GET /sessions": asks("GET", "/sessions"),
  "DELETE /sessions/:sessionId": asks("DELETE", `/sessions/${randomUUID()}`),
  "GET /modules": asks("GET", "/modules"),
  "GET /home": asks("GET", "/home"),
  "GET /search": asks("GET", "/search?q=a"),
  "GET /views/:module": asks("GET", "/views/organisation"),
  "PUT /views/:module": asks("PUT", "/views/organisation", { columns: ["name"], sort: null }),
  "GET /people": asks("GET", "/people"),
  "GET /users": asks("GET", "/users"),
  "POST /users": (browser) =>
    asks("POST", "/users", { name: randomUUID(), fullName: "New", level: 25 })(browser, undefined as never),
  "PATCH /users/:userId": onUser("PATCH", "", { fullName: "Renamed" }),
  "POST /users/:userId/unblock": onUser("POST", "/unblock", {}),
  "POST /users/:userId/password": onUser("POST", "/password", {}),
  "POST /users/:userId/sign-out": onUser("POST", "/sign-out", {}),
  "GET /levels": asks("GET", "/levels"),
  "GET /territories": asks("GET", "/territories"),
  "POST /territories": (browser) =>
    asks("POST", "/territories", { name: randomUUID() })(browser, undefined as never),
  "PATCH /territories/:id": asks("PATCH", "/territories/999", { name: "X" }),
  "GET /groups": asks("GET", "/groups"),
  "POST /groups": (browser) => asks("POST", "/groups", { name: randomUUID() })(browser, undefined as never),
  "PATCH /groups/:id": asks("PATCH", "/groups/999", { name: "X" }),
  "GET /sign-ins": asks("GET", "/sign-ins"),
  // Answers for ever once it is open; whoever has a session may open it and sees what his lists show.
  "GET /stream": asks("GET", "/session"),
  "GET /restores": asks("GET", "/restores"),
  "GET /restores/window": asks("GET", "/restores/window"),
  "GET /restores/since": asks("GET", "/restores/since?moment=2026-11-22T01:35:53Z"),
  "POST /restores": asks("POST", "/restores", { target: "2026-11-22T01:35:53Z", reason: "Probe" }),
  "POST /restores/:id/cancel": asks("POST", `/restores/${randomUUID()}/cancel`, {}),
  "POST /restores/:id/back": asks("POST", `/restores/${randomUUID()}/back`, { reason: "Probe" }),
  "GET /moments": asks("GET", "/moments"),
  "POST /moments/:id/close": asks("POST", `/moments/${randomUUID()}/close`, {}),
  "GET /moments/:id/counts": asks("GET", `/moments/${randomUUID()}/counts?module=organisation`),
  "GET /moments/:id/changes": asks(
    "GET",
    `/moments/${randomUUID()}/changes?module=organisation&kind=changed`,
  ),
  "GET /moments/:id/records/:module/:recordId": asks(
    "GET",
    `/moments/${randomUUID()}/records/organisation/${randomUUID()}`,
  ),
  "POST /moments/:id/take-back": asks("POST", `/moments/${randomUUID()}/take-back`, {
    items: [{ module: "organisation", id: randomUUID(), version: 1 }],
  }),
  "POST /moments/:id/take-back-deleted": asks("POST", `/moments/${randomUUID()}/take-back-deleted`, {
    module: "organisation",
  }),
  "GET /take-backs": asks("GET", "/take-backs"),
  "GET /take-backs/:id": asks("GET", `/take-backs/${randomUUID()}`),
  "GET /take-backs/:id/records": asks("GET", `/take-backs/${randomUUID()}/records`),
  "POST /take-backs/:id/undo": asks("POST", `/take-backs/${randomUUID()}/undo`, {}),
  "POST /imports": async (browser) => (await upload(browser, "organisation", "name\nAcme\n")).status === 201,
  "GET /imports": asks("GET", "/imports"),
  "GET /imports/:id": onImport("GET", ""),
  "PATCH /imports/:id": onImport("PATCH", "", { mapping: { name: "name" } }),
  "POST /imports/:id/check": onImport("POST", "/check", {}),
  "POST /imports/:id/run": onImport("POST", "/run", {}),
  "POST /imports/:id/undo": onImport("POST", "/undo", {}),
  "GET /imports/:id/report": onImport("GET", "/report"),
};
