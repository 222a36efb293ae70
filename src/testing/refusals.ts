import { expect } from "vitest";
import type { TestApi } from "./api.ts";

type Refused = { status: number; code: string; field?: string };

/** Everything in a tenant's database but its audit log, sessions and log of sign-ins. */
const watched = [
  ...["organisation", "person", "opportunity", "activity", "product", "saved_view"].map(
    (name) => `public.${name}`,
  ),
  ...["users", "user_territory", "user_group", "territory", "groups"].map((name) => `access.${name}`),
];

export const fingerprint = (api: TestApi): Promise<string> => {
  const parts = watched.map(
    (table) =>
      `select '${table}', md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ${table} t`,
  );
  return api.tenancy.asOwner(api.tenant, async (owner) =>
    JSON.stringify((await owner.query(parts.join(" union all "))).rows),
  );
};

/** Asks, and expects this refusal in words, with a request id, and not one byte changed. */
export async function expectRefused(
  api: TestApi,
  ask: () => Promise<{ status: number; body: any }>,
  expected: Refused,
): Promise<void> {
  const before = await fingerprint(api);
  const { status, body } = await ask();
  const { code, field, message, requestId } = body.error;
  expect({ status, code, ...(expected.field === undefined ? {} : { field }) }).toEqual(expected);
  expect(message).toMatch(/\w+/);
  expect(requestId).toMatch(/^[\da-f-]{36}$/);
  expect(await fingerprint(api)).toBe(before);
}
