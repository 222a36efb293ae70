import type { Client } from "pg";
import { openDoor } from "#core/index.ts";
import type { ServerConnection } from "#platform/postgres/index.ts";
import { withClient } from "#platform/postgres/index.ts";
import type { Tenancy, Tenant } from "#platform/tenancy/index.ts";
import type { App } from "./app.ts";
import { openCapture, type Capture, type Script } from "./captured.ts";
import type { LoadGenerator } from "./load-generator.ts";
import {
  benchUsers,
  isRead,
  operations,
  type BenchUser,
  type Operation,
  type Session,
} from "./operations.ts";
import { ownUserId } from "./places.ts";
import { percentile, rounded, type Results } from "./results.ts";
import { signIn } from "./sign-in.ts";
import { questionsOf, shared, type Questions } from "./questions.ts";
import type { Pace } from "./size.ts";

export type Bench = {
  readonly app: App;
  readonly load: LoadGenerator;
  readonly tenancy: Tenancy;
  readonly tenant: Tenant;
  /** The server as its administrator, whom row security does not apply to. */
  readonly server: ServerConnection;
  readonly password: string;
  readonly pace: Pace;
  readonly say: (text: string) => void;
};

/** Which organisations each user sees, said in SQL apart from the program's own rule. */
const visible: Readonly<Record<BenchUser["key"], string>> = {
  territoryUser: `territory_id in (select territory_id from access.user_territory where user_id = 2)`,
  ownUser: `(responsible_id = ${ownUserId} or second_responsible_id = ${ownUserId})`,
  administrator: "true",
};

/** Every operation as every user. */
export async function measureUsers(bench: Bench, only: (key: string) => boolean): Promise<Results> {
  const results: Results = {};
  const database = { ...bench.server, database: bench.tenant.databaseName };
  const door = await bench.tenancy.asOwner(bench.tenant, openDoor);
  const capture = await openCapture(bench.tenancy.pool(bench.tenant), bench.tenant.host, door);
  for (const user of benchUsers) {
    const session = await signIn(bench.tenant.host, bench.app.port, user.name, bench.password);
    const questions = await withClient(database, (client: Client) =>
      questionsOf(client, session, visible[user.key]),
    );
    results[`${user.key}.deepPage.pagesDown`] = questions.deepPages;
    for (const operation of operations) {
      if (!only(`${user.key}.${operation}`)) continue;
      Object.assign(results, await measured(bench, capture, { user, session, operation, questions }));
    }
  }
  await capture.close();
  return results;
}

type Asked = { user: BenchUser; session: Session; operation: Operation; questions: Questions };

async function measured(
  bench: Bench,
  capture: Capture,
  { user, session, operation, questions }: Asked,
): Promise<Results> {
  const { pace, load, server, tenant } = bench;
  const name = `${user.key}.${operation}`;
  const share = shared(questions.of[operation], operation, pace.rounds * pace.perRound + 20);
  const scripts: Script[] = [];
  for (const question of share.replayed) scripts.push(await capture.of(session, question));
  const { options } = bench.tenancy.pool(tenant);
  const asTenant = {
    host: options.host,
    port: options.port,
    database: options.database,
    user: options.user,
    password: await passwordOf(options.password),
  };
  const pastRowSecurity = isRead(operation) ? { ...server, database: tenant.databaseName } : undefined;
  const times = await load.one({
    session,
    questions: share.one,
    scripts,
    asTenant,
    pastRowSecurity,
    ...pace,
  });
  const memory = watchMemory(bench.app);
  const many = await load.many({ session, clients: 16, seconds: pace.loadSeconds, questions: share.many });
  const [p50, rawP50] = [percentile(times.http, 50), percentile(times.raw, 50)];
  const results: Results = {
    [`${name}.p50Ms`]: rounded(p50),
    [`${name}.p99Ms`]: rounded(percentile(times.http, 99)),
    [`${name}.rawP50Ms`]: rounded(rawP50),
    [`${name}.ratioToRaw`]: rounded(p50 / rawP50),
    ...(times.past.length === 0 ? {} : rowSecurityCost(name, times.raw, times.past)),
    [`${name}.requestsPerSecondAt16`]: Math.round(many.requestsPerSecond),
    [`${name}.errors`]: times.errors + many.errors,
    [`${name}.memoryMegabytes`]: Math.round(await memory.stop()),
  };
  const cells = Object.entries(results).map(([key, value]) => `${key.slice(name.length + 1)} ${value}`);
  bench.say(`${name.padEnd(27)} ${cells.join("  ")}`);
  return results;
}

/** Call by call, because each asks the same of both: the middle of what it added, and of how many times as long it took. */
function rowSecurityCost(name: string, withIt: readonly number[], without: readonly number[]): Results {
  const pairs = withIt.map((time, index) => [time, without[index] ?? time] as const);
  const middle = (of: (pair: readonly [number, number]) => number) => rounded(percentile(pairs.map(of), 50));
  return {
    [`${name}.rlsRatio`]: middle(([one, other]) => one / other),
    [`${name}.rlsAddedMs`]: middle(([one, other]) => one - other),
  };
}

async function passwordOf(password: unknown): Promise<string> {
  return String(typeof password === "function" ? await password() : password);
}

/** The most memory the program held while it was watched, in megabytes. */
function watchMemory(app: App): { stop(): Promise<number> } {
  let most = 0;
  const look = async () => {
    most = Math.max(most, await app.memoryMegabytes());
  };
  const timer = setInterval(() => void look(), 100);
  return {
    async stop() {
      clearInterval(timer);
      await look();
      return most;
    },
  };
}
