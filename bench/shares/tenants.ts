import { hashPassword } from "#features/sign-in/index.ts";
import { openLog } from "#platform/log/index.ts";
import { joinServer } from "#platform/postgres/index.ts";
import { randomPassword } from "#platform/secrets/index.ts";
import { openTenancy } from "#platform/tenancy/index.ts";

export const noisy = "noisy.localhost";
export const quiet = "quiet.localhost";

/** Two tenants in a running program's folder, each with an administrator and a display-only user of one password. */
export async function makeTenants(folder: string): Promise<string> {
  const log = openLog({ level: "warn" });
  const server = await joinServer({ directory: folder, log });
  const tenancy = await openTenancy({ server, dataDirectory: folder, domain: "localhost", log });
  const password = randomPassword();
  const hash = await hashPassword(password);
  for (const host of [noisy, quiet]) {
    const tenant = await tenancy.createTenant({ key: host.split(".")[0] ?? "", name: "Bench" });
    await tenancy.asOwner(tenant, async (owner) => {
      await owner.query(
        `insert into access.users (name, full_name, level, password_hash, password_set_at)
          values ('admin', 'Admin', 99, $1, now()), ('viewer', 'Viewer', 25, $1, now())`,
        [hash],
      );
      await owner.query(
        "insert into public.organisation (id, name) select gen_random_uuid(), 'Organisation ' || n from generate_series(1, 2000) n",
      );
      // A tenant at work has statistics; one that was filled a moment ago takes five times as long for a list.
      await owner.query("analyze");
    });
  }
  await tenancy.close();
  return password;
}
