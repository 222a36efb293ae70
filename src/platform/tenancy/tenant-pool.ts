import { callbackify } from "node:util";
import { Pool, type PoolClient, type PoolConfig } from "pg";
import type { SharingPool } from "#core/index.ts";
import type { ConnectionCap } from "./connection-cap.ts";

type Callback = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

const shutOut = "permission denied for database";
const cannotConnectNow = "57P03";

/** The program itself, which has a share of each tenant's connections like any user of his. */
const programUser = 0;

/** A pool of one tenant's connections that takes its turn among all tenants' pools. */
export class TenantPool extends Pool implements SharingPool {
  readonly #cap: ConnectionCap;
  readonly #tenant: string;

  constructor(cap: ConnectionCap, tenant: string, config: PoolConfig) {
    super(config);
    this.#cap = cap;
    this.#tenant = tenant;
    // An idle connection that breaks is dropped by the pool; the next caller gets a new one.
    this.on("error", () => undefined);
  }

  open(): Promise<PoolClient> {
    return super.connect().catch((error: Error & { code?: string }) => {
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
