import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { withClient } from "#platform/postgres/index.ts";
import { cloneDatabase } from "#platform/tenancy/database.store.ts";
import { fillTenant, keptFolder, type Filled, type Filling } from "../filled-folder.ts";
import { benchFolder } from "../size.ts";

/** So many tenants with so many records of each module. */
export type Group = { tenants: number; records: number };

export const tenantKey = (number: number): string => `tenant-${number}`;

/** The kept folder of a server with such tenants, tenant-1 first. */
export function tenantsFolder(groups: readonly Group[], say: (text: string) => void): Promise<Filled> {
  const name = groups.map(({ tenants, records }) => `${tenants}x${records}`).join("-");
  return keptFolder(join(benchFolder(), name), { name }, async (filling) => {
    let number = 0;
    for (const { tenants, records } of groups) {
      const first = tenantKey(++number);
      say(`filling ${first}, ${records} records of each module`);
      await fillTenant(filling, { key: first, size: sizeOf(records) }, () => undefined);
      for (let more = 1; more < tenants; more++) await copyTenant(filling, first, tenantKey(++number));
      say(`${tenants} tenants like it`);
    }
  });
}

const sizeOf = (records: number) => ({
  name: "quick" as const,
  organisations: records,
  persons: records,
  opportunities: records,
  activities: records,
});

/** Filling takes minutes and copying seconds; to a backup and a restore both are alike. */
async function copyTenant({ server, tenancy }: Filling, from: string, key: string): Promise<void> {
  const { databaseName } = await tenancy.show(from);
  await tenancy.createTenant(
    { key, name: "Bench" },
    async () => undefined,
    (name) => withClient(server, (client) => cloneDatabase(client, databaseName, name)),
  );
}

/** A copy of a folder, to be changed and thrown away. */
export async function withCopy<Result>(
  folder: string,
  work: (copy: string) => Promise<Result>,
): Promise<Result> {
  const place = await mkdtemp(join(benchFolder(), "copy-"));
  try {
    const copy = join(place, "data");
    await promisify(execFile)("cp", ["--archive", "--reflink=auto", folder, copy]);
    return await work(copy);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
