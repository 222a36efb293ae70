import { argon2Sync } from "node:crypto";
import { getPriority, setPriority } from "node:os";

export type Cost = { memory: number; passes: number; parallelism: number; tagLength: number };
export type Task = { message: string; nonce: Uint8Array; cost: Cost };

/** Somewhat nice, so that other requests come first; more would starve sign-ins where the cores are busy (ten did). */
const steps = 4;

// On Linux a priority is a thread's own, and 0 is the calling one; elsewhere it would be the whole program's.
if (process.platform === "linux") setPriority(0, Math.min(19, getPriority(0) + steps));

export default ({ message, nonce, cost }: Task): Uint8Array =>
  argon2Sync("argon2id", { message, nonce, ...cost });
