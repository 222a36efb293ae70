import type { ClientBase } from "pg";

/** As if everybody had changed his first password, to the very same. */
export async function settlePasswords(owner: ClientBase): Promise<void> {
  await owner.query("update access.users set password_first = false, password_ends_at = null");
}

/** What a first password is changed to by tests that come in by the front door. */
export const changedPassword = (first: string): string => `${first}-own`;
