import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { Refusal } from "#core/index.ts";

const derive = promisify(argon2);

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane. Memory in KiB, tag in bytes. */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };

/** Hashes waiting or running at once; each takes 19 MiB, and guesses must not take the machine. */
const atOnceMax = 64;
let atOnce = 0;

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derived(password, nonce, cost);
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${nonce.toString("base64url")}$${tag.toString("base64url")}`;
}

/** Takes the same time when there is no hash to compare with (surfaces, rule 13). */
export async function passwordFits(password: string, hash: string | null): Promise<boolean> {
  const [, memory, passes, parallelism, nonce, tag] = shape.exec(hash ?? nobody) ?? [];
  const expected = Buffer.from(tag ?? "", "base64url");
  const found = await derived(password, Buffer.from(nonce ?? "", "base64url"), {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  });
  return timingSafeEqual(found, expected) && hash !== null;
}

const shape = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/;
const nobody = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${"A".repeat(22)}$${"A".repeat(43)}`;

async function derived(password: string, nonce: Buffer, parameters: typeof cost): Promise<Buffer> {
  if (atOnce >= atOnceMax) throw new Refusal("too_many");
  atOnce += 1;
  try {
    return await derive("argon2id", { message: password, nonce, ...parameters });
  } finally {
    atOnce -= 1;
  }
}
