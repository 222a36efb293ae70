import { callbackify } from "node:util";
import { Pool, type ClientBase, type PoolClient, type PoolConfig, type QueryResult } from "pg";
import type { SharingPool } from "#core/index.ts";
import type { ConnectionCap } from "./connection-cap.ts";

type Callback = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

const shutOut = "permission denied for database";
const cannotConnectNow = "57P03";
const wrongPassword = "28P01";

/** A role that carries settings of its own gave them to itself; they end with a connection as a changed password does. */
async function mustBeUntouched(client: ClientBase): Promise<void> {
  // First of all without the limit it may have set itself.
  const [, { rowCount }] = (await client.query(
    `SET statement_timeout = 0; SELECT FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
     WHERE r.rolname = session_user`,
  )) as unknown as [QueryResult, QueryResult];
  if (rowCount) throw Object.assign(new Error("the role was changed"), { code: wrongPassword });
}

/** The program itself, which has a share of each tenant's connections like any user of his. */
const programUser = 0;

/** A pool of one tenant's connections that takes its turn among all tenants' pools. */
export class TenantPool extends Pool implements SharingPool {
  readonly #cap: ConnectionCap;
  readonly #tenant: string;
  readonly #mend: () => Promise<void>;
  #mending: Promise<void> | undefined;

  /** `mend` puts the role back as the host made it: PostgreSQL lets every role change its own password and settings. */
  constructor(cap: ConnectionCap, tenant: string, config: PoolConfig, mend = async () => {}) {
    super({ ...config, onConnect: mustBeUntouched });
    this.#mend = mend;
    this.#cap = cap;
    this.#tenant = tenant;
    // An idle connection that breaks is dropped by the pool; the next caller gets a new one.
    this.on("error", () => undefined);
  }

  open(): Promise<PoolClient> {
    return super.connect().catch(async (error: Error & { code?: string }) => {
      if (error.code === wrongPassword) {
        // Whoever comes meanwhile waits for the same repair.
        this.#mending ??= this.#mend().finally(() => (this.#mending = undefined));
        await this.#mending;
        return await super.connect();
      }
      // The tenant was just put on another database: whoever asks again is led there.
      if (error.message.startsWith(shutOut)) error.code = cannotConnectNow;
      throw error;
    });
  }

  connectFor(user: number | undefined): Promise<PoolClient> {
    return this.#cap.connect(this, { tenant: this.#tenant, user, network: "" });
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<PoolClient> | void {
    const take = () => this.connectFor(programUser);
    if (!callback) return take();
    callbackify(take)((error, client) => {
      callback(error ?? undefined, client, (failed) => client?.release(failed as boolean));
    });
  }
}
