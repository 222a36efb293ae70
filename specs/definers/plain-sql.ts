import type { Client } from "pg";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

/** Who asks in plain SQL, with nothing but the tenant's login role and, at most, a session of his own. */
export type Asker = "nobody" | "display" | "ended" | "limited" | "administrator";
export const askers: readonly Asker[] = ["nobody", "display", "ended", "limited", "administrator"];

export type PlainSql = AsyncDisposable & {
  readonly api: TestApi;
  readonly ids: { readonly [name: string]: number };
  readonly token: (asker: Asker) => string | undefined;
  /** One statement as this asker, rolled back; the code of its error, or its first row. */
  readonly ask: (asker: Asker, statement: string, values?: unknown[]) => Promise<Told>;
  /** The same, committed. */
  readonly commit: (asker: Asker, ...statements: string[]) => Promise<Told>;
  /** As the tenant's login role, without a session. */
  readonly asRole: (statement: string, values?: unknown[]) => Promise<any[]>;
  readonly asOwner: (statement: string, values?: unknown[]) => Promise<any[]>;
};
export type Told = { code?: string; row?: any };

/** A tenant with two territories, a user of each kind, and a connection as its login role. */
export async function openPlainSql(): Promise<PlainSql> {
  const api = await openTestApi();
  const made = async (path: string, body: unknown) =>
    (await api.asAdministrator.ask("POST", path, body)).body.id as number;
  const east = await made("/api/territories", { name: "East" });
  const central = await made("/api/territories", { name: "Central" });
  const display = await api.aUser({ name: "display", level: 25 });
  const left = await api.aUser({ name: "left", level: 80 });
  const limited = await api.aUser({ name: "limited", level: 80, territories: [east] });
  const within = await api.aUser({ name: "within", level: 61, territories: [east] });
  const beyond = await api.aUser({
    name: "beyond",
    level: 61,
    territories: [central],
    homeTerritory: central,
  });
  const above = await api.aUser({ name: "above", level: 99, territories: [east] });
  const ids = {
    east,
    central,
    display: display.id,
    limited: limited.id,
    within: within.id,
    beyond: beyond.id,
    above: above.id,
  };
  const tokens = new Map<Asker, string | undefined>([["nobody", undefined]]);
  const signIn = async (asker: Asker, user: { name: string; password: string }) => {
    const browser = await api.signedIn(user.name, user.password);
    tokens.set(asker, tokenOf(browser));
    return browser;
  };
  await signIn("display", display);
  await signIn("limited", limited);
  tokens.set("administrator", tokenOf(api.asAdministrator));
  await (await signIn("ended", left)).ask("POST", "/api/sign-out", {});
  const client = await api.tenancy.connectAs(api.tenant, api.tenant.databaseName);
  const run = (end: "rollback" | "commit") => async (asker: Asker, statements: [string, unknown[]?][]) =>
    told(client, tokens.get(asker), statements, end);
  return {
    api,
    ids,
    token: (asker) => tokens.get(asker),
    ask: (asker, statement, values) => run("rollback")(asker, [[statement, values]]),
    commit: (asker, ...statements) =>
      run("commit")(
        asker,
        statements.map((text) => [text]),
      ),
    asRole: async (statement, values) => (await api.tenancy.pool(api.tenant).query(statement, values)).rows,
    asOwner: (statement, values) =>
      api.tenancy.asOwner(api.tenant, async (owner) => (await owner.query(statement, values)).rows),
    [Symbol.asyncDispose]: async () => {
      await client.end();
      await api.close();
    },
  };
}

const tokenOf = (browser: Browser) => browser.cookies.get("__Host-strongroom");

async function told(
  client: Client,
  token: string | undefined,
  statements: [string, unknown[]?][],
  end: "rollback" | "commit",
): Promise<Told> {
  try {
    await client.query("begin");
    if (token !== undefined) await client.query("select access.enter($1)", [token]);
    let row: unknown;
    for (const [text, values] of statements) row = (await client.query(text, values)).rows[0];
    await client.query(end);
    return { row };
  } catch (error) {
    await client.query("rollback");
    return { code: (error as { code: string }).code };
  }
}
