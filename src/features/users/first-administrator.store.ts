import type { ClientBase } from "pg";
import { hashPassword } from "../sign-in/index.ts";
import { generatedPassword } from "./generated-password.ts";

/** Adds the user with all rights that a new tenant starts with; the password is told once and kept nowhere. */
export async function createFirstAdministrator(
  owner: ClientBase,
  person: { name: string; fullName: string },
): Promise<{ name: string; password: string }> {
  const password = generatedPassword();
  await owner.query(
    "insert into access.users (name, full_name, level, password_hash, password_set_at) values ($1, $2, 99, $3, now())",
    [person.name, person.fullName, await hashPassword(password)],
  );
  return { name: person.name, password };
}
