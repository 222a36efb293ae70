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
import type { Pool, PoolClient } from "pg";
import type { Actor } from "./actor.ts";
import { keepsTooManyPlans, planName } from "./plan-names.ts";
import { setValueTypes } from "./value-types.ts";

export type { Pool } from "pg";
/** One transaction's database; statements are written with Kysely's `sql`. */
export type Db = Kysely<unknown>;

setValueTypes();

const tokenShape = /^[\w-]{43}$/;

/** How long one statement may take before it is refused as too broad, in milliseconds. */
const statementLimitMilliseconds = 10_000;

/**
 * One transaction for one request. The database turns the session token into the actor;
 * `actor` is undefined for a missing, forged or ended session. Rolls back when `work` throws.
 */
export async function transaction<T>(
  pool: Pool,
  options: { readOnly: boolean; token: string | undefined },
  work: (db: Db, actor: Actor | undefined) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  const lost = () => (broken = true);
  client.on("error", lost);
  try {
    const actor = await begin(client, options);
    const result = await work(dbOf(client), actor);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(lost);
    throw error;
  } finally {
    client.off("error", lost);
    client.release(broken || keepsTooManyPlans(client));
  }
}

async function begin(
  client: PoolClient,
  { readOnly, token }: { readOnly: boolean; token: string | undefined },
) {
  const open = `BEGIN ${readOnly ? "READ ONLY" : "READ WRITE"}; SET LOCAL statement_timeout = ${statementLimitMilliseconds}`;
  if (token === undefined || !tokenShape.test(token)) {
    await client.query(open);
    return undefined;
  }
  // One round trip; the token's shape is checked above, so it cannot end the literal.
  const results = (await client.query(`${open}; SELECT access.enter('${token}') AS actor`)) as unknown as {
    rows: { actor: Actor | null }[];
  }[];
  return results[2]?.rows[0]?.actor ?? undefined;
}

const databases = new WeakMap<PoolClient, { plain: Db; planned: Db }>();
const plannedTwin = new WeakMap<Db, Db>();

export function dbOf(client: PoolClient): Db {
  const known = databases.get(client);
  if (known !== undefined) return known.plain;
  const both = {
    plain: kyselyOn(new OneConnection(client)),
    planned: kyselyOn(new PlanningConnection(client)),
  };
  databases.set(client, both);
  plannedTwin.set(both.plain, both.planned);
  return both.plain;
}

/**
 * The same transaction, for statements whose text does not depend on what people type: the server plans each
 * once per connection instead of once per call, which is half the cost of a small read.
 */
export const planned = (db: Db): Db => plannedTwin.get(db) ?? db;

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
