import { setTimeout as delay } from "node:timers/promises";
import { createFirstAdministrator, generatedPassword } from "#features/users/index.ts";
import { hashPassword } from "#features/sign-in/index.ts";
import { TenancyError, type Tenancy, type Tenant } from "#platform/tenancy/index.ts";
import type { System } from "../system.ts";
import { openBrowser, type Browser } from "./browser.ts";
import { ownersView, keepPasswords, setPasswordHash, tidy } from "./canary.store.ts";
import { furnish, peopleNames } from "./furnish.ts";

export type CanaryUser = { id: number; name: string; password: string };

/**
 * A tenant that exists to be checked. It is suspended between checks, its passwords live only while one runs,
 * and nobody's data is in it.
 */
export type Canary = {
  readonly tenant: Tenant;
  /** A second tenant, whose strongroom the first must not be able to enter. */
  readonly neighbour: Tenant;
  readonly administrator: Browser;
  readonly user: (name: string) => CanaryUser;
  /** A browser of a device that was never seen before. */
  readonly browser: () => Browser;
  readonly signedIn: (name: string) => Promise<Browser>;
  /** Rows of the canary's database, past every policy. */
  readonly rows: ReturnType<typeof ownersView>;
  readonly close: () => Promise<void>;
};

/** The controls' own tenants on a host: the canary, and the neighbour it must not reach. */
const keys = ["canary", "canary-neighbour"] as const;
export const canaryKeys: readonly string[] = keys;

const administratorName = "admin";

export async function openCanary({ tenancy, address }: System): Promise<Canary> {
  const tenant = await opened(tenancy, keys[0], "Canary");
  const neighbour = await opened(tenancy, keys[1], "Canary's neighbour");
  const browser = () => openBrowser(address, tenant.host);
  await tidy(tenancy, tenant);
  await untilOpen(browser());
  const password = generatedPassword();
  await setPasswordHash(tenancy, tenant, administratorName, await hashPassword(password));
  const administrator = browser();
  await mustSignIn(administrator, administratorName, password);
  await furnish(administrator);
  const users = await withNewPasswords(administrator);
  await keepPasswords(tenancy, tenant);
  const user = (name: string) => {
    const found = users.get(name);
    if (found === undefined) throw new Error(`the canary has no user ${name}`);
    return found;
  };
  return {
    tenant,
    neighbour,
    administrator,
    user,
    browser,
    signedIn: async (name) => {
      const own = browser();
      await mustSignIn(own, name, user(name).password);
      return own;
    },
    rows: ownersView(tenancy, tenant),
    close: async () => {
      for (const { key } of [tenant, neighbour]) await tenancy.suspend(key);
    },
  };
}

async function opened(tenancy: Tenancy, key: string, name: string): Promise<Tenant> {
  try {
    await tenancy.show(key);
  } catch (error) {
    if (!(error instanceof TenancyError && error.code === "unknown_tenant")) throw error;
    await tenancy.createTenant({ key, name }, async (fresh) => {
      await tenancy.asOwner(fresh, (owner) =>
        createFirstAdministrator(owner, { name: administratorName, fullName: "Canary administrator" }),
      );
    });
  }
  return await tenancy.resume(key);
}

/** The door may remember for a second that the tenant was suspended or unknown. */
async function untilOpen(browser: Browser): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const { body } = await browser.ask("GET", "/api/session");
    if (body?.error?.code === "signed_out") return;
    await delay(100);
  }
  throw new Error("the canary's address does not answer");
}

async function mustSignIn(browser: Browser, name: string, password: string): Promise<void> {
  const { status } = await browser.signIn(name, password);
  if (status !== 200) throw new Error(`the canary's ${name} could not sign in: ${status}`);
}

async function withNewPasswords(administrator: Browser): Promise<Map<string, CanaryUser>> {
  const users = new Map<string, CanaryUser>();
  const { body } = await administrator.ask("GET", "/api/users");
  for (const { id, name } of body.items as { id: number; name: string }[]) {
    if (!peopleNames.includes(name)) continue;
    await administrator.ask("POST", `/api/users/${id}/unblock`, {});
    const answer = await administrator.ask("POST", `/api/users/${id}/password`, {});
    users.set(name, { id, name, password: answer.body.password });
  }
  return users;
}
