import type { PoolClient } from "pg";
import { DatabaseBusy } from "../postgres/index.ts";

/** What the cap needs to know of a pool. */
export type CountedPool = {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly options: { max: number };
  /** Takes a connection without asking the cap. */
  open(): Promise<PoolClient>;
};

/** Connections of a pool that are given out, and idle ones that are promised to somebody. */
type Use = { inUse: number; promised: number };
type Waiter = { pool: CountedPool; start(): void };

/**
 * Gives out connections of many pools so that all of them together stay below one limit. Whoever waits longest
 * is served first, whichever pool he waits for; to make room for him an idle connection of another is closed.
 */
export class ConnectionCap {
  readonly #connectionsMax: number;
  readonly #waitMilliseconds: number;
  readonly #uses = new Map<CountedPool, Use>();
  readonly #waiters = new Set<Waiter>();
  #evicting = 0;

  constructor(connectionsMax: number, waitMilliseconds: number) {
    this.#connectionsMax = connectionsMax;
    this.#waitMilliseconds = waitMilliseconds;
  }

  /** Throws DatabaseBusy after too long a wait, and what the pool throws. */
  connect(pool: CountedPool): Promise<PoolClient> {
    if (this.#waiters.size === 0 && this.#admits(pool)) return this.#take(pool);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        pool,
        start: () => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          this.#take(pool).then(resolve, reject);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new DatabaseBusy(`No database connection became free within ${this.#waitMilliseconds} ms.`));
      }, this.#waitMilliseconds);
      this.#waiters.add(waiter);
      this.serve();
    });
  }

  /** Lets in whoever may enter now. To be called also when a pool has closed a connection by itself. */
  serve(): void {
    let blocked = 0;
    for (const waiter of this.#waiters) {
      if (this.#admits(waiter.pool)) waiter.start();
      else if (this.#use(waiter.pool).inUse < waiter.pool.options.max) blocked++;
      // Each one the limit keeps out needs one connection closed, and no more than that.
      if (blocked > this.#evicting) this.#evictOne(waiter.pool);
    }
  }

  /** Stops counting a pool that is being closed. */
  forget(pool: CountedPool): void {
    this.#uses.delete(pool);
    this.serve();
  }

  #admits(pool: CountedPool): boolean {
    if (this.#use(pool).inUse >= pool.options.max) return false;
    return this.#unclaimedIdle(pool) > 0 || this.#connections() < this.#connectionsMax;
  }

  async #take(pool: CountedPool): Promise<PoolClient> {
    const use = this.#use(pool);
    const fromIdle = this.#unclaimedIdle(pool) > 0;
    use.inUse++;
    if (fromIdle) use.promised++;
    try {
      const client = await pool.open();
      const release = client.release;
      client.release = (failed) => {
        release(failed);
        use.inUse--;
        this.serve();
      };
      return client;
    } catch (error) {
      use.inUse--;
      throw error;
    } finally {
      if (fromIdle) use.promised--;
      this.serve();
    }
  }

  #evictOne(except: CountedPool): void {
    for (const [pool, use] of this.#uses) {
      if (pool === except || this.#unclaimedIdle(pool) === 0) continue;
      use.promised++;
      this.#evicting++;
      // Taking an idle connection opens none; released as broken it is closed.
      void pool
        .open()
        .then((client) => client.release(true))
        .catch(() => undefined)
        .finally(() => {
          use.promised--;
          this.#evicting--;
          this.serve();
        });
      return;
    }
  }

  #unclaimedIdle(pool: CountedPool): number {
    return Math.max(0, pool.idleCount - this.#use(pool).promised);
  }

  #connections(): number {
    let open = 0;
    for (const pool of this.#uses.keys()) open += pool.totalCount;
    return open;
  }

  #use(pool: CountedPool): Use {
    const use = this.#uses.get(pool) ?? { inUse: 0, promised: 0 };
    this.#uses.set(pool, use);
    return use;
  }
}
