import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Client } from "pg";
import { hashPassword } from "#features/sign-in/index.ts";
import { openLog } from "#platform/log/index.ts";
import {
  readMigrations,
  startEmbeddedPostgres,
  withClient,
  type ServerConnection,
} from "#platform/postgres/index.ts";
import { randomPassword } from "#platform/secrets/index.ts";
import { openTenancy, type Tenancy } from "#platform/tenancy/index.ts";
import { fillPeople } from "./people.store.ts";
import { fillRecords } from "./fill.store.ts";
import { seed, type Size } from "./size.ts";

/** The tenant every folder is filled for. */
export const tenantKey = "bench";

export type Filled = { folder: string; password: string; fillSeconds: number | undefined };

/** Written when a fill is complete; a folder without it, or with other contents, is made anew. */
type Note = {
  seed: number;
  generator: string;
  size: { name: string };
  migrations: string[];
  password: string;
};

/** What a folder is filled with: a server that runs on it, and the hash of everybody's password. */
export type Filling = { server: ServerConnection; tenancy: Tenancy; passwordHash: string };

/** The data folder with everything in it: the kept one when it still fits, else a new one. */
export const filledFolder = (folder: string, size: Size, say: (text: string) => void): Promise<Filled> =>
  keptFolder(folder, size, (filling) => fillTenant(filling, { key: tenantKey, size }, say));

/** The folder of that name as it was filled before; filled now when there is none, or one of another seed. */
export async function keptFolder(
  folder: string,
  size: { name: string },
  fill: (filling: Filling) => Promise<void>,
): Promise<Filled> {
  const notePath = join(folder, "filled.json");
  const wanted = { seed, generator: await generatorHash(), size, migrations: await migrationHashes() };
  const kept = existsSync(notePath) ? (JSON.parse(await readFile(notePath, "utf8")) as Note) : undefined;
  if (kept !== undefined && stillFits(kept, wanted))
    return { folder, password: kept.password, fillSeconds: undefined };
  const from = performance.now();
  await rm(folder, { recursive: true, force: true });
  const password = randomPassword();
  await onNewServer(folder, password, fill);
  await writeFile(notePath, JSON.stringify({ ...wanted, password }), { mode: 0o600 });
  return { folder, password, fillSeconds: (performance.now() - from) / 1000 };
}

/** One tenant with people and records. */
export async function fillTenant(
  { server, tenancy, passwordHash }: Filling,
  { key, size }: { key: string; size: Size },
  say: (text: string) => void,
): Promise<void> {
  const tenant = await tenancy.createTenant({ key, name: "Bench" });
  const connect = <Result>(work: (client: Client) => Promise<Result>) =>
    withClient({ ...server, database: tenant.databaseName }, work);
  await connect((client) => fillPeople(client, passwordHash));
  await fillRecords(connect, size, say);
}

/** Migrations only go forward, so a folder filled before the newest ones is brought up by the program itself. */
function stillFits(kept: Note, wanted: Omit<Note, "password">): boolean {
  const same =
    kept.seed === wanted.seed && kept.generator === wanted.generator && kept.size.name === wanted.size.name;
  return same && kept.migrations.every((hash, index) => hash === wanted.migrations[index]);
}

const migrationHashes = async () =>
  (await readMigrations(resolve(import.meta.dirname, "../migrations/tenant"))).map((each) => each.sha256);

async function generatorHash(): Promise<string> {
  const files = ["seeded.ts", "invented.ts", "places.ts", "rows.ts", "people.store.ts", "fill.store.ts"];
  const texts = await Promise.all(files.map((file) => readFile(join(import.meta.dirname, file), "utf8")));
  return createHash("sha256").update(texts.join("\n")).digest("hex");
}

// Nothing is lost when a fill is cut off: it begins again.
const fastAndLoose = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: 0,
  max_wal_size: "16GB",
  autovacuum: "off",
};

async function onNewServer(
  folder: string,
  password: string,
  fill: (filling: Filling) => Promise<void>,
): Promise<void> {
  const log = openLog({ level: "warn" });
  const server = await startEmbeddedPostgres({ directory: folder, log, settings: fastAndLoose });
  try {
    const tenancy = await openTenancy({ server, dataDirectory: folder, domain: "localhost", log });
    await fill({ server: server.connection, tenancy, passwordHash: await hashPassword(password) });
    await tenancy.close();
  } finally {
    await server.stop();
  }
}
