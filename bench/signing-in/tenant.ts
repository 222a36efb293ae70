import { hashPassword } from "#features/sign-in/index.ts";
import { openLog } from "#platform/log/index.ts";
import { joinServer } from "#platform/postgres/index.ts";
import { randomPassword } from "#platform/secrets/index.ts";
import { openTenancy } from "#platform/tenancy/index.ts";

export const host = "door.localhost";
/** Who signs in rightly, one after the other. */
export const peopleMax = 40;

/** A tenant whose doors stay open however often a name is tried, with a user in every state a name can be in. */
export async function makeTenant(folder: string): Promise<string> {
  const log = openLog({ level: "warn" });
  const server = await joinServer({ directory: folder, log });
  const tenancy = await openTenancy({ server, dataDirectory: folder, domain: "localhost", log });
  const password = randomPassword();
  const hash = await hashPassword(password);
  const tenant = await tenancy.createTenant({ key: host.split(".")[0] ?? "", name: "Bench" });
  await tenancy.asOwner(tenant, async (owner) => {
    await owner.query(
      `update access.setting set value = '1000000' where key in ('failedSignInLimit', 'networkFailureLimit')`,
    );
    await owner.query(
      `insert into access.users (name, full_name, level, password_hash)
        select name, name, 99, $1 from unnest(array['admin', 'known', 'blocked', 'closed', 'ended']) name
        union all select 'person' || n, 'Person', 61, $1 from generate_series(1, ${peopleMax}) n
        union all select 'unfinished', 'Unfinished', 61, null`,
      [hash],
    );
    await owner.query(`update access.users set failures = 1000012, blocked_at = now() where name = 'blocked';
      update access.users set active = false where name = 'closed';
      update access.users set password_ends_at = now() - interval '1 day' where name = 'ended';
      insert into public.organisation (id, name) select gen_random_uuid(), 'Organisation ' || n from generate_series(1, 2000) n`);
    await owner.query("analyze");
  });
  await tenancy.close();
  return password;
}
