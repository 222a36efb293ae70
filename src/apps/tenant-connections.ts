import { connectTenant, openDoor, Refusal, type OpenTenant, type TenantConnection } from "#core/index.ts";
import { momentsOf } from "#hosting/index.ts";
import type { Tenancy, Tenant } from "#platform/tenancy/index.ts";

/** The tenants this process has opened, each once; closing writes what their audit logs still owe. */
export class TenantConnections {
  readonly #tenancy: Tenancy;
  readonly #port: number;
  readonly #momentsOf: ReturnType<typeof momentsOf>;
  readonly #open = new Map<string, { databaseName: string; opening: Promise<OpenTenant> }>();

  constructor(tenancy: Tenancy, port: number) {
    this.#tenancy = tenancy;
    this.#port = port;
    this.#momentsOf = momentsOf(tenancy);
  }

  /** The tenant at exactly this host name. Throws a Refusal when it is suspended. */
  async at(host: string): Promise<TenantConnection | undefined> {
    const tenant = await this.#tenancy.tenantByHost(host);
    if (tenant === undefined) return undefined;
    if (tenant.state === "suspended") throw new Refusal("tenant_suspended");
    return await this.of(tenant);
  }

  async of(tenant: Tenant): Promise<TenantConnection> {
    const open = this.#open.get(tenant.id);
    if (open?.databaseName === tenant.databaseName) return (await open.opening).connection;
    // The tenant was restored: it is on another database now, whose log is a run of its own.
    if (open !== undefined) void closeQuietly(open.opening);
    return (await this.#connect(tenant)).connection;
  }

  #connect(tenant: Tenant): Promise<OpenTenant> {
    const { id, name, host, databaseName } = tenant;
    const address = `http://${host}:${this.#port}`;
    const moment = this.#momentsOf(tenant);
    const pool = () => this.#tenancy.pool(tenant);
    const opening = this.#tenancy
      .asOwner(tenant, openDoor)
      .then((door) => connectTenant({ id, name, host, address, moment, pool, door }));
    this.#open.set(id, { databaseName, opening });
    // A database that is away now may be back at the next request.
    opening.catch(() => this.#open.delete(id));
    return opening;
  }

  async close(): Promise<void> {
    for (const { opening } of this.#open.values()) await closeQuietly(opening);
  }
}

async function closeQuietly(opening: Promise<OpenTenant>): Promise<void> {
  await opening.then((each) => each.close()).catch(() => undefined);
}
