import { randomUUID } from "node:crypto";
import type { ClientBase, Pool } from "pg";
import type { Log } from "../log/index.ts";
import { withClient } from "../postgres/index.ts";
import { randomName, randomPassword, seal, type HostKey } from "../secrets/index.ts";
import { ifFreeWithin, withLock } from "./advisory-lock.ts";
import { admitRole, cloneDatabase, createTenantRole, dropDatabaseAndRole } from "./database.store.ts";
import {
  findTenant,
  forgetUnfinished,
  insertTenant,
  isRetired,
  listUnfinished,
  openDoor,
  setSchemaVersion,
  type NewTenant,
} from "./registry.store.ts";
import { withTemplate, type TemplateSource } from "./template.ts";
import { checkKey, checkName, TenancyError, type Tenant } from "./tenant.ts";
import { versionOf } from "./versions.ts";

export type Founding = TemplateSource & {
  registry: Pool;
  hostKey: HostKey;
  domain: string;
  log: Log;
};

/**
 * Makes a tenant with a database and a role of its own. `prepare` runs in the finished database before the
 * tenant can be reached; when it throws, or this program dies, nothing of the tenant remains. `lay` makes the
 * database in place of a clone of the template; it must bring it to the newest version.
 */
export async function createTenant(
  founding: Founding,
  wanted: { key: string; name: string },
  prepare: (tenant: Tenant) => Promise<void>,
  lay?: (databaseName: string) => Promise<void>,
): Promise<Tenant> {
  const { registry, connection, hostKey, domain } = founding;
  checkKey(wanted.key);
  checkName(wanted.name);
  const id = randomUUID();
  const password = randomPassword();
  const tenant: NewTenant = {
    id,
    ...wanted,
    host: `${wanted.key}.${domain}`,
    databaseName: randomName("t"),
    roleName: randomName("r"),
    sealedPassword: seal(hostKey, password, id),
  };
  return withClient(connection, (client) =>
    // While we live we hold this lock: whoever clears away unfinished tenants leaves ours alone.
    withLock(client, lockOf(id), "exclusive", async () => {
      await reserve(registry, tenant);
      try {
        await build(founding, client, tenant, password, lay);
        await prepare({ ...tenant, state: "active", schemaVersion: 0, createdAt: new Date().toISOString() });
        await openDoor(registry, id);
      } catch (error) {
        await clear(registry, client, tenant).catch(() => undefined);
        throw error;
      }
      return (await findTenant(registry, "id", id)) as Tenant;
    }),
  );
}

async function reserve(registry: Pool, tenant: NewTenant): Promise<void> {
  const free = !(await isRetired(registry, tenant.key)) && (await insertTenant(registry, tenant));
  if (!free)
    throw new TenancyError("taken", `There is, or was, already a tenant with the key "${tenant.key}".`);
}

async function build(
  founding: Founding,
  client: ClientBase,
  tenant: NewTenant,
  password: string,
  lay?: (databaseName: string) => Promise<void>,
): Promise<void> {
  const { registry, migrations } = founding;
  await createTenantRole(client, tenant.roleName, password);
  if (lay === undefined) {
    await withTemplate(client, founding, (template) =>
      cloneDatabase(client, template, tenant.databaseName, tenant.roleName),
    );
  } else {
    await lay(tenant.databaseName);
    await admitRole(client, tenant.databaseName, tenant.roleName);
  }
  await setSchemaVersion(registry, tenant.id, await versionOf(migrations));
}

async function clear(
  registry: Pool,
  client: ClientBase,
  tenant: Pick<Tenant, "id" | "databaseName" | "roleName">,
): Promise<void> {
  await dropDatabaseAndRole(client, tenant.databaseName, tenant.roleName);
  await forgetUnfinished(registry, tenant.id);
}

// A killed program's connection may live a moment longer, until the server has ended the statement it was in.
const lockSecondsMax = 5;

/** Removes what is left of creations whose program died. */
export async function clearUnfinished({ registry, connection, log }: Founding): Promise<void> {
  const unfinished = await listUnfinished(registry);
  if (unfinished.length === 0) return;
  await withClient(connection, async (client) => {
    for (const tenant of unfinished) {
      await ifFreeWithin(client, lockOf(tenant.id), lockSecondsMax, async () => {
        const stillUnfinished = (await listUnfinished(registry)).some(({ id }) => id === tenant.id);
        if (!stillUnfinished) return;
        await clear(registry, client, tenant);
        log.warn({ key: tenant.key }, "Removed a tenant whose creation was cut off");
      });
    }
  });
}

function lockOf(tenantId: string): string {
  return `creating ${tenantId}`;
}
