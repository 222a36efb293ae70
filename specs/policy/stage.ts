import { randomUUID } from "node:crypto";
import { Client, type ClientBase, type Pool } from "pg";
import { shippedLevels } from "#access/index.ts";
import {
  connectTenant,
  openDoor,
  perform,
  performStream,
  Refusal,
  type Action,
  type Call,
  type StreamAction,
  type TenantConnection,
} from "#core/index.ts";
import { ownerRole } from "#platform/tenancy/index.ts";
import type { OracleRights } from "#controls/oracle/index.ts";
import type { TestTenancy } from "#testing/postgres.ts";
import { arrangeWorld } from "./arrange-world.ts";
import type { RandomWorld } from "./random-world.ts";

/** The levels every tenant has, as the worlds know them. */
export const levels = shippedLevels.map(({ number, rights, permissions }) => ({
  number,
  rights: rights as OracleRights,
  bin: permissions.includes("bin"),
}));

/** A tenant's database on which one world after another is played. */
export type Stage = AsyncDisposable & {
  readonly owner: ClientBase;
  readonly pool: Pool;
  readonly play: (world: RandomWorld) => Promise<Scene>;
};

/** One world in the database, and ways to ask it as its users. */
export type Scene = {
  readonly world: RandomWorld;
  readonly owner: ClientBase;
  readonly pool: Pool;
  readonly tokenOf: (userId: number) => string;
  /** What the action answers, or the code of its refusal; any other error is thrown. */
  readonly ask: <Input, Output>(
    userId: number,
    action: Action<Input, Output>,
    input: unknown,
    version?: number,
  ) => Promise<Answer<Output>>;
  /** The same of a long answer, read to its end. */
  readonly askWhole: <Input>(
    userId: number,
    action: StreamAction<Input>,
    input: unknown,
  ) => Promise<Answer<string>>;
};
export type Answer<Output> = { refused: undefined; output: Output } | { refused: string };

export async function openStage(tenancy: TestTenancy): Promise<Stage> {
  const tenant = await tenancy.aTenant();
  const pool = tenancy.pool(tenant);
  const owner = new Client({ ...tenancy.server, database: tenant.databaseName });
  await owner.connect();
  await owner.query(`set role ${ownerRole}`);
  const { connection, close } = await connectTenant({
    ...tenant,
    address: `http://${tenant.host}`,
    pool: () => pool,
    door: await openDoor(owner),
  });
  return {
    owner,
    pool,
    play: async (world) => {
      const tokens = await arrangeWorld(owner, world);
      const tokenOf = (userId: number) => tokens.get(userId) ?? "";
      return {
        world,
        owner,
        pool,
        tokenOf,
        ask: (userId, action, input, version) =>
          ask(connection, tokenOf(userId), version, (call) => perform(action, call, input)),
        askWhole: (userId, action, input) =>
          ask(connection, tokenOf(userId), undefined, async (call) => {
            const answer = await performStream(action, call, input);
            const text = (await Array.fromAsync(answer.text)).join("");
            await answer.ended(true);
            return text;
          }),
      };
    },
    [Symbol.asyncDispose]: async () => {
      await close();
      await owner.end();
    },
  };
}

async function ask<Output>(
  tenant: TenantConnection,
  token: string,
  version: number | undefined,
  work: (call: Call) => Promise<Output>,
): Promise<Answer<Output>> {
  const call: Call = {
    tenant,
    token,
    ip: "127.0.0.1",
    userAgent: "",
    requestId: randomUUID(),
    language: "en",
    zone: "UTC",
    version,
  };
  try {
    return { refused: undefined, output: await work(call) };
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code };
    throw error;
  }
}
