import { randomBytes, timingSafeEqual } from "node:crypto";
import { availableParallelism } from "node:os";
import { Tinypool } from "tinypool";
import { Shares, type Whose } from "#core/index.ts";
import type { Cost, Task } from "./hash-thread.ts";

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane. Memory in KiB, tag in bytes. */
const cost: Cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };

/** Threads of their own: guesses take neither the last core nor the threads that files and names need. */
const threads = Math.min(4, Math.max(1, availableParallelism() - 1));

const pool = new Tinypool({
  filename: new URL("./hash-thread.ts", import.meta.url).href,
  minThreads: 0,
  maxThreads: threads,
  idleTimeout: 60_000,
  resourceLimits: { maxOldGenerationSizeMb: 32 },
});

/** A tenant never has every place, so that the next hash to begin may be another's. */
export const hashShares = new Shares({
  places: { all: threads + 1, tenant: threads, nobody: threads, one: threads },
  waiting: { all: 2_000, tenant: 200, nobody: 150, one: 50 },
});

/** What may be done with passwords while one has a turn at it. */
export type Hashing = {
  readonly hash: (password: string) => Promise<string>;
  /** Takes the same time when there is no hash to compare with (surfaces, rule 13). */
  readonly fits: (password: string, hash: string | null) => Promise<boolean>;
};

/** For requests: hashes in the asker's share of the pool. Throws "too_many" when that is used up. */
export async function hashingFor<T>(whose: Whose, work: (hashing: Hashing) => Promise<T>): Promise<T> {
  const release = await hashShares.take(whose);
  try {
    return await work({ hash: hashPassword, fits });
  } finally {
    release();
  }
}

/** For the host's own commands; requests hash by `hashingFor`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derived({ message: password, nonce, cost });
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${nonce.toString("base64url")}$${tag.toString("base64url")}`;
}

async function fits(password: string, hash: string | null): Promise<boolean> {
  const [, memory, passes, parallelism, nonce, tag] = shape.exec(hash ?? nobody) ?? [];
  const expected = Buffer.from(tag ?? "", "base64url");
  const found = await derived({
    message: password,
    nonce: Buffer.from(nonce ?? "", "base64url"),
    cost: {
      memory: Number(memory),
      passes: Number(passes),
      parallelism: Number(parallelism),
      tagLength: expected.length,
    },
  });
  return timingSafeEqual(found, expected) && hash !== null;
}

const shape = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/;
const nobody = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${"A".repeat(22)}$${"A".repeat(43)}`;

const derived = async (task: Task): Promise<Buffer> => Buffer.from((await pool.run(task)) as Uint8Array);
