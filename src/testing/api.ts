import type { FastifyInstance, InjectOptions } from "fastify";
import { allRoutes, type Given } from "../apps/all-routes.ts";
import { openJobs } from "../apps/jobs.ts";
import { TenantConnections } from "../apps/tenant-connections.ts";
import { createFirstAdministrator } from "#features/users/index.ts";
import type { RestoreDesk } from "#hosting/index.ts";
import { openHttp } from "#platform/http/index.ts";
import { openLog } from "#platform/log/index.ts";
import { randomName } from "#platform/secrets/index.ts";
import type { Tenancy, Tenant } from "#platform/tenancy/index.ts";
import { openTestTenancy, type TestTenancy } from "./postgres.ts";
import { settlePasswords } from "./settled.ts";

type Answer = { status: number; body: any; headers: Record<string, unknown>; text: string };
type Request = { headers?: Record<string, string>; raw?: Buffer | string; query?: Record<string, string> };

/** Somebody's browser: keeps the cookies it is given. */
export type Browser = {
  readonly cookies: Map<string, string>;
  readonly ask: (method: string, path: string, body?: unknown, more?: Request) => Promise<Answer>;
  readonly signIn: (name: string, password: string) => Promise<Answer>;
};

/** A tenant behind the real HTTP server on a real database, with one administrator. */
export type TestApi = AsyncDisposable & {
  readonly tenancy: TestTenancy;
  readonly tenant: Tenant;
  readonly http: FastifyInstance;
  readonly administrator: { name: string; password: string };
  readonly browser: (options?: { host?: string; ip?: string }) => Browser;
  readonly signedIn: (name: string, password: string) => Promise<Browser>;
  /** Adds a user through the API, as the administrator. */
  readonly aUser: (user: {
    name: string;
    level: number;
    territories?: number[];
    groups?: number[];
    homeTerritory?: number;
  }) => Promise<{ id: number; name: string; password: string }>;
  readonly asAdministrator: Browser;
  readonly close: () => Promise<void>;
};

/** With `jobs`, what is given to the queue is worked off in this process; "given" leaves that to another. */
export async function openTestApi(options: { jobs?: true | "given" } = {}): Promise<TestApi> {
  const tenancy = await openTestTenancy();
  const connections = new TenantConnections(tenancy, 80);
  const log = openLog({ level: process.env["STRONGROOM_LOG"] ?? "silent" });
  const { dataDirectory } = tenancy.options;
  const pace = { heartbeatSeconds: 10, superviseSeconds: 1 };
  const jobs =
    options.jobs === undefined
      ? undefined
      : await openJobs({
          tenancy,
          tenants: connections,
          dataDirectory,
          log,
          pace,
          work: options.jobs === true,
        });
  const served = await serveTenant(tenancy, { key: randomName("k"), name: "A tenant" }, undefined, {
    connections,
    given: jobs,
  });
  const close = async () => {
    await served.close();
    await jobs?.stop();
    await connections.close();
    await tenancy.close();
  };
  return { ...served, tenancy, close, [Symbol.asyncDispose]: close };
}

export type ServedTenant = Omit<TestApi, "tenancy" | typeof Symbol.asyncDispose>;

/** A new tenant of a tenancy behind the HTTP server; with a desk, restores can be asked for. */
export async function serveTenant(
  tenancy: Tenancy,
  wanted: { key: string; name: string },
  desk?: RestoreDesk,
  beside: { connections?: TenantConnections; given?: Given | undefined } = {},
): Promise<ServedTenant> {
  const { connections = new TenantConnections(tenancy, 80), given } = beside;
  const http = await openHttp({
    tenantAt: (host) => connections.at(host),
    routes: allRoutes(given, desk),
    log: openLog({ level: process.env["STRONGROOM_LOG"] ?? "silent" }),
  });
  const tenant = await tenancy.createTenant(wanted);
  const administrator = await tenancy.asOwner(tenant, (owner) =>
    createFirstAdministrator(owner, { name: "admin", fullName: "Ada Administrator" }),
  );
  const settle = () => tenancy.asOwner(tenant, settlePasswords);
  await settle();
  const browser = (options: { host?: string; ip?: string } = {}) =>
    openBrowser(http, options.host ?? tenant.host, options.ip);
  const signedIn = async (name: string, password: string): Promise<Browser> => {
    const one = browser();
    const answer = await one.signIn(name, password);
    if (answer.status !== 200) throw new Error(`${name} could not sign in: ${answer.text}`);
    if (answer.body.mustChangePassword !== true) return one;
    // He was added by a test itself.
    await settle();
    return await signedIn(name, password);
  };
  const asAdministrator = await signedIn(administrator.name, administrator.password);
  return {
    tenant,
    http,
    administrator,
    browser,
    signedIn,
    asAdministrator,
    aUser: async (user) => {
      const { body } = await asAdministrator.ask("POST", "/api/users", { fullName: user.name, ...user });
      await settle();
      return { id: body.user.id, name: user.name, password: body.password };
    },
    close: async () => {
      await http.close();
      await connections.close();
    },
  };
}

function openBrowser(http: FastifyInstance, host: string, ip = "127.0.0.1"): Browser {
  const cookies = new Map<string, string>();
  const ask: Browser["ask"] = async (method, path, body, more = {}) => {
    const options: InjectOptions = {
      method: method as "GET",
      url: path,
      remoteAddress: ip,
      headers: {
        host,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(body === undefined && more.raw === undefined ? {} : { "content-type": "application/json" }),
        ...more.headers,
      },
      ...(more.query === undefined ? {} : { query: more.query }),
      ...(more.raw !== undefined
        ? { payload: more.raw }
        : body === undefined
          ? {}
          : { payload: JSON.stringify(body) }),
    };
    const answer = await http.inject(options);
    for (const cookie of answer.cookies) cookies.set(cookie.name, cookie.value);
    const json = String(answer.headers["content-type"]).includes("json") ? answer.json() : undefined;
    return { status: answer.statusCode, body: json, headers: answer.headers, text: answer.body };
  };
  return { cookies, ask, signIn: (name, password) => ask("POST", "/api/sign-in", { name, password }) };
}
