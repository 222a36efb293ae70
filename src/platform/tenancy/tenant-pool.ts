import { callbackify } from "node:util";
import { Pool, type PoolClient, type PoolConfig } from "pg";
import type { ConnectionCap } from "./connection-cap.ts";

type Callback = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

const shutOut = "permission denied for database";
const cannotConnectNow = "57P03";

/** A pool of one tenant's connections that takes its turn among all tenants' pools. */
export class TenantPool extends Pool {
  readonly #cap: ConnectionCap;

  constructor(cap: ConnectionCap, config: PoolConfig) {
    super(config);
    this.#cap = cap;
    // An idle connection that breaks is dropped by the pool; the next caller gets a new one.
    this.on("error", () => undefined);
    this.on("remove", () => cap.serve());
  }

  open(): Promise<PoolClient> {
    return super.connect().catch((error: Error & { code?: string }) => {
      // The tenant was just put on another database: whoever asks again is led there.
      if (error.message.startsWith(shutOut)) error.code = cannotConnectNow;
      throw error;
    });
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<PoolClient> | void {
    const take = () => this.#cap.connect(this);
    if (!callback) return take();
    callbackify(take)((error, client) => {
      callback(error ?? undefined, client, (failed) => client?.release(failed as boolean));
    });
  }
}
