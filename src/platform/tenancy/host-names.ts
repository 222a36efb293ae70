import { Shares } from "#core/index.ts";
import type { Tenant } from "./tenant.ts";

const freshMilliseconds = 1_000;
const rememberedMax = 2_000;

/** Look-ups of names that were no tenant's so far: half of the registry's connections, so that tenants never wait for them. */
const placesOfStrangers = { all: 2, tenant: 2, nobody: 2, one: 2 };
const waitingStrangers = { all: 300, tenant: 300, nobody: 300, one: 300 };

/**
 * The host name of a `Host` header: lower case, without port. Undefined when it is not a plain name, so that
 * nothing odd is ever looked up or remembered.
 */
export function hostNameOf(header: string): string | undefined {
  const name = header.toLowerCase().replace(/:\d{1,5}$/, "");
  return name.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name) ? name : undefined;
}

type Find = (host: string) => Promise<Tenant | undefined>;

/**
 * Remembers who is at which host name for at most a second: a suspension is in force that soon. Throws "too_many" for a
 * name that is not known to be a tenant's while too many of them are looked for.
 */
export function rememberHosts(find: Find): Find {
  const remembered = new Map<string, { at: number; tenant: Promise<Tenant | undefined> }>();
  const look = tenantsFirst(find);
  return (header: string): Promise<Tenant | undefined> => {
    const host = hostNameOf(header);
    if (!host) return Promise.resolve(undefined);
    const known = remembered.get(host);
    const now = performance.now();
    if (known && now - known.at < freshMilliseconds) return known.tenant;
    if (remembered.size >= rememberedMax) remembered.clear();
    const tenant = look(host);
    remembered.set(host, { at: now, tenant });
    // A failed look-up is not remembered: the database may be back in a moment.
    tenant.catch(() => remembered.delete(host));
    return tenant;
  };
}

/** A name at which a tenant was found last time is looked up at once; others share what they may take. */
function tenantsFirst(find: Find): Find {
  const strangers = new Shares({ places: placesOfStrangers, waiting: waitingStrangers });
  const tenants = new Set<string>();
  return async (host) => {
    if (tenants.has(host)) {
      const tenant = await find(host);
      if (tenant === undefined) tenants.delete(host);
      return tenant;
    }
    const release = await strangers.take({ tenant: "", network: "" });
    try {
      const tenant = await find(host);
      if (tenant !== undefined) tenants.add(host);
      return tenant;
    } finally {
      release();
    }
  };
}
