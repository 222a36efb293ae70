import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Client } from "pg";
import { hashPassword } from "#features/sign-in/index.ts";
import { openLog } from "#platform/log/index.ts";
import { readMigrations, startEmbeddedPostgres, withClient } from "#platform/postgres/index.ts";
import { randomPassword } from "#platform/secrets/index.ts";
import { openTenancy, type Tenant } from "#platform/tenancy/index.ts";
import { fillPeople } from "./people.store.ts";
import { fillRecords } from "./fill.store.ts";
import { seed, type Size } from "./size.ts";

/** The tenant every folder is filled for. */
export const tenantKey = "bench";

export type Filled = { folder: string; password: string; fillSeconds: number | undefined };

/** Written when a fill is complete; a folder without it, or with other contents, is made anew. */
type Note = { seed: number; generator: string; size: Size; migrations: string[]; password: string };

/** The data folder with everything in it: the kept one when it still fits, else a new one. */
export async function filledFolder(folder: string, size: Size, say: (text: string) => void): Promise<Filled> {
  const notePath = join(folder, "filled.json");
  const wanted = { seed, generator: await generatorHash(), size, migrations: await migrationHashes() };
  const kept = existsSync(notePath) ? (JSON.parse(await readFile(notePath, "utf8")) as Note) : undefined;
  if (kept !== undefined && stillFits(kept, wanted))
    return { folder, password: kept.password, fillSeconds: undefined };
  const from = performance.now();
  await rm(folder, { recursive: true, force: true });
  const password = randomPassword();
  await fill(folder, size, password, say);
  await writeFile(notePath, JSON.stringify({ ...wanted, password }), { mode: 0o600 });
  return { folder, password, fillSeconds: (performance.now() - from) / 1000 };
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

async function fill(
  folder: string,
  size: Size,
  password: string,
  say: (text: string) => void,
): Promise<void> {
  const log = openLog({ level: "warn" });
  const server = await startEmbeddedPostgres({ directory: folder, log, settings: fastAndLoose });
  try {
    const tenancy = await openTenancy({ server, dataDirectory: folder, domain: "localhost", log });
    const tenant: Tenant = await tenancy.createTenant({ key: tenantKey, name: "Bench" });
    const connect = <Result>(work: (client: Client) => Promise<Result>) =>
      withClient({ ...server.connection, database: tenant.databaseName }, work);
    const hash = await hashPassword(password);
    await connect((client) => fillPeople(client, hash));
    await fillRecords(connect, size, say);
    await tenancy.close();
  } finally {
    await server.stop();
  }
}
