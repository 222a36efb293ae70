import type { Tenant } from "./tenant.ts";

const freshMilliseconds = 1_000;
const rememberedMax = 2_000;

/**
 * The host name of a `Host` header: lower case, without port. Undefined when it is not a plain name, so that
 * nothing odd is ever looked up or remembered.
 */
export function hostNameOf(header: string): string | undefined {
  const name = header.toLowerCase().replace(/:\d{1,5}$/, "");
  return name.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name) ? name : undefined;
}

/** Remembers who is at which host name for at most a second: a suspension is in force that soon. */
export function rememberHosts(find: (host: string) => Promise<Tenant | undefined>) {
  const remembered = new Map<string, { at: number; tenant: Promise<Tenant | undefined> }>();
  return (header: string): Promise<Tenant | undefined> => {
    const host = hostNameOf(header);
    if (!host) return Promise.resolve(undefined);
    const known = remembered.get(host);
    const now = performance.now();
    if (known && now - known.at < freshMilliseconds) return known.tenant;
    if (remembered.size >= rememberedMax) remembered.clear();
    const tenant = find(host);
    remembered.set(host, { at: now, tenant });
    // A failed look-up is not remembered: the database may be back in a moment.
    tenant.catch(() => remembered.delete(host));
    return tenant;
  };
}
