import type { PoolClient } from "pg";
import { Shares, type Release, type Whose } from "#core/index.ts";
import { DatabaseBusy } from "../postgres/index.ts";

/** What the cap needs to know of a pool. */
export type CountedPool = {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly ending: boolean;
  /** Takes a connection without asking the cap. */
  open(): Promise<PoolClient>;
};

/**
 * Gives out connections of many pools so that all of them together stay below one limit, in shares: whoever waits has
 * his turn among tenants, then among the users of his own. To make room for him an idle connection of another pool is
 * closed.
 */
export class ConnectionCap {
  readonly #connectionsMax: number;
  readonly #waitMilliseconds: number;
  readonly #shares: Shares;
  /** The pools and how many of their idle connections are promised; who was served longest ago comes first. */
  readonly #promised = new Map<CountedPool, number>();

  constructor(limits: { allMax: number; perTenantMax: number; waitMilliseconds: number }) {
    const { allMax, perTenantMax, waitMilliseconds } = limits;
    this.#connectionsMax = allMax;
    this.#waitMilliseconds = waitMilliseconds;
    // One user leaves a connection to the others of his tenant.
    const one = Math.max(1, perTenantMax - 1);
    this.#shares = new Shares({
      places: { all: allMax, tenant: perTenantMax, nobody: one, one },
      waiting: { all: 4_000, tenant: 400, nobody: 200, one: 200 },
      waitSecondsMax: waitMilliseconds / 1_000,
    });
  }

  /** Throws DatabaseBusy after too long a wait, or when too many wait already; and what the pool throws. */
  async connect(pool: CountedPool, whose: Whose): Promise<PoolClient> {
    const leave = await this.#shares.take(whose).catch(() => {
      throw new DatabaseBusy(`No database connection became free within ${this.#waitMilliseconds} ms.`);
    });
    try {
      return returning(await this.#opened(pool), leave);
    } catch (error) {
      if (pool.ending) this.forget(pool);
      leave();
      throw error;
    }
  }

  /** Stops counting a pool that is being closed. */
  forget(pool: CountedPool): void {
    this.#promised.delete(pool);
  }

  async #opened(pool: CountedPool): Promise<PoolClient> {
    const promised = this.#promised.get(pool) ?? 0;
    this.#promised.delete(pool);
    this.#promised.set(pool, promised);
    if (this.#unclaimedIdle(pool) > 0) return await this.#idleOf(pool);
    if (this.#connections() >= this.#connectionsMax) await this.#closeOne(pool);
    return await pool.open();
  }

  async #closeOne(except: CountedPool): Promise<void> {
    for (const pool of this.#promised.keys()) {
      if (pool === except || this.#unclaimedIdle(pool) === 0) continue;
      // Taking an idle connection opens none; released as broken it is closed.
      const client = await this.#idleOf(pool).catch(() => undefined);
      return client?.release(true);
    }
  }

  async #idleOf(pool: CountedPool): Promise<PoolClient> {
    this.#promise(pool, 1);
    try {
      return await pool.open();
    } finally {
      this.#promise(pool, -1);
    }
  }

  #promise(pool: CountedPool, more: 1 | -1): void {
    const promised = this.#promised.get(pool);
    if (promised !== undefined) this.#promised.set(pool, promised + more);
  }

  #unclaimedIdle(pool: CountedPool): number {
    return pool.idleCount - (this.#promised.get(pool) ?? 0);
  }

  #connections(): number {
    let open = 0;
    for (const pool of this.#promised.keys()) open += pool.totalCount;
    return open;
  }
}

function returning(client: PoolClient, leave: Release): PoolClient {
  const { release } = client;
  client.release = (failed) => {
    release(failed);
    leave();
  };
  return client;
}
