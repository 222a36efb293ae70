import type { Tenancy, Tenant } from "#platform/tenancy/index.ts";
import { nameOfUser, resetAdministrator, unblockByHost } from "#features/users/index.ts";
import type { Command } from "./command-line.ts";
import { UsageError } from "./usage-error.ts";
import { foundFirstAdministrator, type FirstAdministrator } from "./first-administrator.ts";

/** Runs one command and returns what to print. Throws TenancyError. */
export async function runTenantCommand(tenancy: Tenancy, command: Command): Promise<string> {
  switch (command.verb) {
    case "create":
      return create(tenancy, command);
    case "list": {
      const tenants = await tenancy.list();
      return command.json ? asJson(tenants.map(publicly)) : table(tenants);
    }
    case "show":
    case "suspend":
    case "resume": {
      const tenant = await tenancy[command.verb](command.key);
      return command.json ? asJson(publicly(tenant)) : card(tenant);
    }
    case "unblock":
      return unblock(tenancy, command);
    case "administrator":
      return administrator(tenancy, command);
  }
}

async function create(tenancy: Tenancy, { key, name, json }: Command & { verb: "create" }): Promise<string> {
  let administrator: FirstAdministrator | undefined;
  const tenant = await tenancy.createTenant({ key, name }, async (fresh) => {
    administrator = await foundFirstAdministrator(tenancy, fresh);
  });
  if (json) return asJson({ ...publicly(tenant), administrator });
  const signIn = administrator
    ? `\nFirst administrator (shown once; to be changed at the first sign-in, within 7 days)\n  name      ${administrator.userName}\n  password  ${administrator.password}`
    : "";
  return card(tenant) + signIn;
}

async function unblock(
  tenancy: Tenancy,
  { key, user, json }: Command & { verb: "unblock" },
): Promise<string> {
  const tenant = await tenancy.show(key);
  if (!(await tenancy.asOwner(tenant, (owner) => unblockByHost(owner, user))))
    throw new UsageError(`There is no user "${user.slice(0, 60)}" at ${key}.`);
  return json ? asJson({ key, user }) : `${user} may sign in again.`;
}

async function administrator(
  tenancy: Tenancy,
  { key, user, json }: Command & { verb: "administrator" },
): Promise<string> {
  const tenant = await tenancy.show(key);
  const called = nameOfUser(user);
  if (called === undefined) throw new UsageError(`"${user.slice(0, 60)}" is no name for a user.`);
  const { name, password } = await tenancy.asOwner(tenant, (owner) => resetAdministrator(owner, called));
  if (json) return asJson({ key, administrator: { userName: name, password } });
  return `Administrator (shown once; to be changed at the first sign-in, within 7 days)\n  name      ${name}\n  password  ${password}`;
}

function publicly({ id, key, name, host, state, databaseName, schemaVersion, createdAt }: Tenant) {
  return { id, key, name, host, state, databaseName, schemaVersion, createdAt };
}

function asJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

function card(tenant: Tenant): string {
  return [
    `${tenant.name} (${tenant.key})`,
    `  state     ${tenant.state}`,
    `  host      ${tenant.host}`,
    `  database  ${tenant.databaseName}`,
    `  version   ${tenant.schemaVersion}`,
    `  created   ${tenant.createdAt}`,
  ].join("\n");
}

function table(tenants: Tenant[]): string {
  if (tenants.length === 0) return "No tenants yet.";
  const rows = tenants.map(({ key, state, host, schemaVersion, name }) => [
    key,
    state,
    host,
    String(schemaVersion),
    name,
  ]);
  const all = [["KEY", "STATE", "HOST", "VERSION", "NAME"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")).join("\n");
}
