import { randomUUID } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { csvLine } from "#features/export/index.ts";
import { withClient, type ServerConnection } from "#platform/postgres/index.ts";
import type { Tenancy, Tenant } from "#platform/tenancy/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import type { FileThen } from "../files/file-backups.ts";
import { localFiles, readLocal, type FileStore } from "../files/file-store.ts";
import { wasThere } from "../files/kept-files.ts";
import { lastOwnCommit, schemaVersionOf } from "../restore/audit-heads.store.ts";
import { eraseIn, readToday } from "../restore/carry-over.store.ts";
import { beginRestore, endRestore, holding } from "../restore/restores.store.ts";
import {
  mustBeThere,
  withScratchTenant,
  type Recovery,
  type ScratchTenant,
} from "../restore/scratch-tenant.ts";
import { manifestName, type PackageManifest } from "./manifest.ts";
import { beginSnapshot, listPacked, rowsOf, type PackedTable, type Snapshot } from "./table-rows.store.ts";
import { digestedFile } from "./write-file.ts";

type Source = {
  database: ServerConnection;
  target: Date | null;
  lastOwnCommit: string | null;
  /** Records that were erased for good since, and are not in it. */
  erased: number;
  /** Its uploaded files; asked for when the snapshot of the database stands. */
  files: () => Promise<FileThen[]>;
};

/** Writes everything of a tenant as it is now, from one snapshot, into a new folder. Throws BackupError, TenancyError. */
export async function packageNow(
  { tenancy, connection, stores = [] }: PackageSource,
  wanted: { key: string; folder: string },
  now: Date,
): Promise<PackageManifest> {
  const tenant = await tenancy.show(wanted.key);
  const database = { ...connection, database: tenant.databaseName };
  const before = new Date();
  const files = () => filesNow(stores, tenant.databaseName, before);
  const own = await lastOwnCommit(database);
  const source = { database, target: null, lastOwnCommit: own, erased: 0, files };
  return writePackage(source, tenant, wanted.folder, now);
}

export type PackageSource = {
  tenancy: Tenancy;
  connection: ServerConnection;
  stores?: readonly FileStore[];
};

// A file that was removed since the snapshot may be named in it.
async function filesNow(stores: readonly FileStore[], database: string, before: Date): Promise<FileThen[]> {
  const after = new Date();
  const files: FileThen[] = [];
  for (const store of stores)
    for (const local of await localFiles(store, database))
      if (wasThere(local, before) || wasThere(local, after))
        files.push({ store, name: local.name, bornAt: local.bornAt, content: () => readLocal(local) });
  return files;
}

/** Writes everything of a tenant as it was at a moment, from a scratch server. Throws BackupError, TenancyError. */
export async function packageMoment(
  recovery: Recovery,
  wanted: { key: string; folder: string; target: Date },
  now: Date,
): Promise<PackageManifest> {
  const { tenancy, connection, backups, requestedBy } = recovery;
  const { target, folder } = wanted;
  const tenant = await tenancy.show(wanted.key);
  await mustBeThere(recovery, tenant, target, now);
  const id = randomUUID();
  return holding(connection, id, async () => {
    await beginRestore(tenancy.registry, {
      id,
      tenantId: tenant.id,
      kind: "package",
      databaseName: tenant.databaseName,
      target,
      requestedBy,
    });
    try {
      const manifest = await withScratchTenant(recovery, { id, tenant, target }, async (scratch) => {
        const { database } = scratch;
        const files = async () => (await backups.files?.at(database.database ?? "", target)) ?? [];
        const own = await lastOwnCommit(database);
        const erased = await eraseToo(recovery, tenant, scratch);
        const source = { database, target, lastOwnCommit: own, erased, files };
        return writePackage(source, tenant, folder, now);
      });
      await endRestore(tenancy.registry, id, { detail: { files: manifest.files.length } });
      return manifest;
    } catch (error) {
      await endRestore(tenancy.registry, id, { detail: {}, failure: (error as Error).message });
      throw error;
    }
  });
}

/** What was erased for good since the moment is handed to nobody. */
async function eraseToo(
  { tenancy, connection }: Recovery,
  tenant: Tenant,
  { server, database }: ScratchTenant,
): Promise<number> {
  const { erasures } = await readToday({ ...connection, database: tenant.databaseName });
  if (erasures.length === 0) return 0;
  await tenancy.databases.bringUp(database.database ?? "", server.connection);
  return eraseIn(database, erasures);
}

/** The manifest comes last: a folder without it is no package. */
async function writePackage(
  { database, target, lastOwnCommit: own, erased, files: uploaded }: Source,
  tenant: Tenant,
  folder: string,
  now: Date,
): Promise<PackageManifest> {
  await newFolder(folder);
  const manifest = await withClient(database, async (client) => {
    await beginSnapshot(client);
    const tables = await listPacked(client);
    const files: PackageManifest["files"] = [];
    for (const file of await uploaded()) files.push(await writeUpload(file, folder));
    for (const table of tables) files.push(...(await writeTable(client, table, folder)));
    const leftOut = tables
      .filter((table) => table.leftOut.length > 0)
      .map((table) => ({ table: nameOf(table), columns: table.leftOut }));
    return {
      format: 1 as const,
      tenant: { key: tenant.key, name: tenant.name },
      target: target?.toISOString() ?? null,
      takenAt: now.toISOString(),
      lastOwnCommit: own,
      erased,
      schemaVersion: await schemaVersionOf(database),
      files,
      leftOut,
    };
  });
  await writeFile(join(folder, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`, { mode: 0o600 });
  return manifest;
}

const nameOf = ({ schema, name }: PackedTable): string => `${schema}.${name}`;

/** CSV for spreadsheets, in which no cell is a formula, and JSON lines with the exact values. */
async function writeTable(
  client: Snapshot,
  table: PackedTable,
  folder: string,
): Promise<PackageManifest["files"]> {
  const paths = [`tables/${nameOf(table)}.csv`, `tables/${nameOf(table)}.jsonl`] as const;
  const csv = await digestedFile(join(folder, paths[0]));
  const lines = await digestedFile(join(folder, paths[1]));
  let count = 0;
  await csv.write(csvLine(table.columns));
  for await (const rows of rowsOf(client, table)) {
    await csv.write(rows.map(({ cells }) => csvLine(cells)).join(""));
    await lines.write(rows.map(({ json }) => `${json}\n`).join(""));
    count += rows.length;
  }
  const shared = { table: nameOf(table), rows: count };
  return [
    { path: paths[0], ...shared, ...(await csv.close()) },
    { path: paths[1], ...shared, ...(await lines.close()) },
  ];
}

async function writeUpload(
  { store, name, content }: FileThen,
  folder: string,
): Promise<PackageManifest["files"][number]> {
  const path = `files/${store.name}/${name}`;
  await mkdir(join(folder, "files", store.name), { recursive: true, mode: 0o700 });
  const file = await digestedFile(join(folder, path));
  for await (const chunk of content()) await file.write(chunk);
  return { path, ...(await file.close()) };
}

async function newFolder(folder: string): Promise<void> {
  const there = await readdir(folder).catch(() => []);
  if (there.length > 0)
    throw new BackupError("bad_request", `${folder} is not empty. Name a new folder for the package.`);
  await mkdir(join(folder, "tables"), { recursive: true, mode: 0o700 });
}
