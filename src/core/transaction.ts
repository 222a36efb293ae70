import {
  CompiledQuery,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from "kysely";
import type { Socket } from "node:net";
import type { Pool, PoolClient } from "pg";
import type { Actor } from "./actor.ts";
import { lastTold, lastUser, remember, type Told } from "./known-actors.ts";
import { keepsTooManyPlans, planName } from "./plan-names.ts";
import { setValueTypes } from "./value-types.ts";

export type { Pool } from "pg";
/** A pool that gives its connections in shares: to every user of a tenant, and to all who are not known to be one. */
export interface SharingPool extends Pool {
  connectFor(user: number | undefined): Promise<PoolClient>;
}
/** One transaction's database; statements are written with Kysely's `sql`. */
export type Db = Kysely<unknown>;

setValueTypes();

export const tokenShape = /^[\w-]{43}$/;

/** How long one statement may take before it is refused as too broad, in milliseconds. */
const statementLimitMilliseconds = 10_000;

/** Long enough to put a million rows in order on a busy machine. */
const snapshotLimitMilliseconds = 120_000;

type Options = {
  readOnly: boolean;
  token: string | undefined;
  /** All statements see one moment, each may take longer, and the server notices when we are gone. */
  snapshot?: true;
};
/** A statement given to `last` is sent on, together with COMMIT, without waiting for its answer; it must still succeed. */
type Work<T> = (db: Db, actor: Actor | undefined, last: (statement: Promise<unknown>) => void) => Promise<T>;

/**
 * One transaction for one request. The database turns the session token into the actor;
 * `actor` is undefined for a missing, forged or ended session. Rolls back when `work` throws.
 * Read-only `work` may be done twice, so it leaves no trace but its result.
 */
export async function transaction<T>(pool: Pool, options: Options, work: Work<T>): Promise<T> {
  const client = await connected(pool, options.token);
  let broken = false;
  const lost = () => (broken = true);
  const release = () => {
    client.off("error", lost);
    client.release(broken || keepsTooManyPlans(client));
  };
  client.on("error", lost);
  let last: Promise<unknown> | undefined;
  let result: T;
  try {
    result = await enteredAs(pool, client, options, (db, actor) =>
      work(db, actor, (statement) => {
        last = statement;
        last.catch(() => undefined);
      }),
    );
    // After a failed statement COMMIT rolls back.
    if (!options.readOnly) await Promise.all([last, client.query("COMMIT")]);
  } catch (error) {
    await client.query("ROLLBACK").catch(lost);
    release();
    throw error;
  }
  // What was read does not depend on how reading ends, so the answer does not wait for it.
  if (options.readOnly) void client.query("COMMIT").catch(lost).finally(release);
  else release();
  return result;
}

export const connected = (pool: Pool | SharingPool, token: string | undefined): Promise<PoolClient> =>
  "connectFor" in pool ? pool.connectFor(lastUser(pool, token)?.userId) : pool.connect();

/**
 * Reading begins at once as the actor of last time, in the same packet as the question who he is now
 * (decisions/0006). Its result counts only when the database tells the very same actor again.
 */
async function enteredAs<T>(
  pool: Pool,
  client: PoolClient,
  options: Options,
  work: (db: Db, actor: Actor | undefined) => Promise<T>,
): Promise<T> {
  const { token } = options;
  if (token === undefined || !tokenShape.test(token)) {
    await client.query(opening(options));
    return await work(dbOf(client), undefined);
  }
  const guess = options.readOnly ? lastTold(pool, token) : undefined;
  if (guess !== undefined) {
    const entered = enter(client, options, token, guess);
    const early = work(dbOf(client), guess.actor);
    const [told] = await Promise.allSettled([entered, early]);
    if (told.status === "rejected") throw told.reason;
    if (told.value === guess) return await early;
    await client.query("ROLLBACK");
  }
  const told = await enter(client, options, token);
  remember(pool, token, told);
  return await work(dbOf(client), told.actor);
}

/** One round trip; the token is a parameter, so it stands in no statement that anybody is shown. Answers `guess` when it holds. */
export async function enter(
  client: PoolClient,
  options: Options,
  token: string,
  guess?: Told,
): Promise<Told> {
  sendTogether(client);
  const [, { rows }] = await Promise.all([
    client.query(opening(options)),
    client.query<{ actor: string | null }>({
      name: planName(client, entering),
      text: entering,
      values: [token],
    }),
  ]);
  const text = rows[0]?.actor ?? null;
  if (guess !== undefined && text === guess.text) return guess;
  return { text, actor: text === null ? undefined : (JSON.parse(text) as Actor) };
}

const entering = "SELECT access.enter($1)::text AS actor";

const opening = ({ readOnly, snapshot }: Options) =>
  snapshot === true
    ? `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${snapshotLimitMilliseconds}`
    : `BEGIN ${readOnly ? "READ ONLY" : "READ WRITE"}; SET LOCAL statement_timeout = ${statementLimitMilliseconds}`;

/** What is asked before anything else happens goes to the server in one write. */
function sendTogether(client: PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.cork();
  setImmediate(() => stream.uncork());
}

const databases = new WeakMap<PoolClient, { plain: Db; planned: Db }>();
const plannedTwin = new WeakMap<Db, Db>();
const clients = new WeakMap<Db, PoolClient>();

export function dbOf(client: PoolClient): Db {
  const known = databases.get(client);
  if (known !== undefined) return known.plain;
  const both = {
    plain: kyselyOn(new OneConnection(client)),
    planned: kyselyOn(new PlanningConnection(client)),
  };
  databases.set(client, both);
  plannedTwin.set(both.plain, both.planned);
  clients.set(both.plain, client);
  return both.plain;
}

/**
 * The same transaction, for statements whose text does not depend on what people type: the server plans each
 * once per connection instead of once per call, which is half the cost of a small read.
 */
export const planned = (db: Db): Db => plannedTwin.get(db) ?? db;

/**
 * Sends a planned statement before this call returns, so that it stands before whatever is sent next. Throws at once
 * when it cannot be sent: nobody may commit as if it had been.
 */
export function sendNow(db: Db, { text, values }: { text: string; values: unknown[] }): Promise<unknown> {
  const client = clients.get(db);
  if (client === undefined) throw new Error("This database handle is not a transaction's own.");
  sendTogether(client);
  return client.query({ name: planName(client, text), text, values });
}

function kyselyOn(connection: OneConnection): Db {
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => adapter,
      createDriver: () => connection,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => compiler,
    },
  });
}

const adapter = new PostgresAdapter();
const compiler = new PostgresQueryCompiler();

/** Kysely on the connection that `transaction` already holds; beginning and ending is not Kysely's work. */
class OneConnection implements Driver, DatabaseConnection {
  readonly #client: PoolClient;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async init() {}
  async acquireConnection() {
    return this;
  }
  async releaseConnection() {}
  async destroy() {}
  async beginTransaction() {}
  async commitTransaction() {}
  async rollbackTransaction() {}

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, rowCount } = await this.ask(this.#client, sql, [...parameters]);
    return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
  }

  ask(
    client: PoolClient,
    text: string,
    values: unknown[],
  ): Promise<{ rows: unknown[]; rowCount: number | null }> {
    return client.query(text, values);
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("rows are paged, never streamed");
  }
}

class PlanningConnection extends OneConnection {
  override ask(client: PoolClient, text: string, values: unknown[]) {
    return client.query({ name: planName(client, text), text, values });
  }
}
