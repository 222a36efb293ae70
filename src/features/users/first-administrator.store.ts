import type { ClientBase } from "pg";
import { hashPassword } from "../sign-in/index.ts";
import { generatedPassword } from "./generated-password.ts";
import { userFields } from "./user-shape.ts";

/** Adds the user with all rights that a new tenant starts with; the password is told once and kept nowhere. */
export async function createFirstAdministrator(
  owner: ClientBase,
  person: { name: string; fullName: string },
): Promise<{ name: string; password: string }> {
  const password = await givePassword(owner, await insertAdministrator(owner, person));
  return { name: person.name, password };
}

/** What a user may be called, of what somebody typed; undefined when nobody can be called so. */
export const nameOfUser = (typed: string): string | undefined => userFields.name.safeParse(typed).data;

/** Lets a tenant's administrator in again: the user of that name with all rights, made when there is none. */
export async function resetAdministrator(
  owner: ClientBase,
  name: string,
): Promise<{ name: string; password: string }> {
  const { rows } = await owner.query<{ id: number }>(
    "update access.users set active = true, level = 99, version = version + 1 where lower(name) = lower($1) returning id",
    [name],
  );
  const id = rows[0]?.id ?? (await insertAdministrator(owner, { name, fullName: "Administrator" }));
  const password = await givePassword(owner, id);
  await noteByHost(owner, "host.administrator", id);
  return { name, password };
}

/** Lets a blocked user try again; false when there is none of that name. */
export async function unblockByHost(owner: ClientBase, typed: string): Promise<boolean> {
  const name = nameOfUser(typed);
  if (name === undefined) return false;
  const { rows } = await owner.query<{ id: number }>(
    "update access.users set failures = 0, blocked_at = null where lower(name) = lower($1) returning id",
    [name],
  );
  const [found] = rows;
  if (found === undefined) return false;
  await owner.query("update access.device set failures = 0 where user_id = $1", [found.id]);
  // He may be shut out by what else came from his network.
  await owner.query("delete from access.network");
  await noteByHost(owner, "host.unblock", found.id);
  return true;
}

async function insertAdministrator(
  owner: ClientBase,
  person: { name: string; fullName: string },
): Promise<number> {
  const { rows } = await owner.query<{ id: number }>(
    "insert into access.users (name, full_name, level) values ($1, $2, 99) returning id",
    [person.name, person.fullName],
  );
  return rows[0]?.id ?? 0;
}

async function givePassword(owner: ClientBase, userId: number): Promise<string> {
  const password = generatedPassword();
  await owner.query("select access.give_first_password($1, $2)", [userId, await hashPassword(password)]);
  return password;
}

/** What the host did stands in the tenant's own log. */
async function noteByHost(owner: ClientBase, action: string, user: number): Promise<void> {
  await owner.query(
    "insert into public.audit (action, outcome, module, detail) values ($1, 'done', 'user', $2)",
    [action, { user }],
  );
}
