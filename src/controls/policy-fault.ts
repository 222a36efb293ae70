import type { Tenancy, Tenant } from "#platform/tenancy/index.ts";

/** Breaks something in the canary's database as its owner; answers with what mends it. */
export async function breakWithSql(
  tenancy: Tenancy,
  canary: Tenant,
  breaking: string,
  mending: string,
): Promise<() => Promise<unknown>> {
  await tenancy.asOwner(canary, (owner) => owner.query(breaking));
  return () => tenancy.asOwner(canary, (owner) => owner.query(mending));
}

/** Replaces the condition under which rows of a module are seen; mending brings back the very one that was there. */
export async function breakViewPolicy(
  tenancy: Tenancy,
  canary: Tenant,
  module: string,
  condition: string,
): Promise<() => Promise<unknown>> {
  const { rows } = await tenancy.asOwner(canary, (owner) =>
    owner.query<{ qual: string }>(
      "select qual from pg_policies where tablename = $1 and policyname = 'viewed'",
      [module],
    ),
  );
  const alter = (using: string) => `alter policy viewed on public.${module} using (${using})`;
  return await breakWithSql(tenancy, canary, alter(condition), alter(rows[0]?.qual ?? "false"));
}

/** Rewrites a function of the canary's database by replacing a piece of its text. */
export async function breakFunction(
  tenancy: Tenancy,
  canary: Tenant,
  name: string,
  piece: string,
  by: string,
): Promise<() => Promise<unknown>> {
  const { rows } = await tenancy.asOwner(canary, (owner) =>
    owner.query<{ text: string }>("select pg_get_functiondef($1::regproc) as text", [name]),
  );
  const text = rows[0]?.text ?? "";
  if (!text.includes(piece)) throw new Error(`${name} no longer says ${piece}`);
  return await breakWithSql(tenancy, canary, text.replace(piece, by), text);
}
