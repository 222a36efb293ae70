import { z } from "zod";
import {
  auditRow,
  rawText,
  Refusal,
  refusalOf,
  shaped,
  whoseOf,
  writeAudit,
  type Action,
  type Call,
} from "#core/index.ts";
import { hashingFor } from "./password-hash.ts";
import { mustBeHardToGuess } from "./password-policy.ts";
import { beginPasswordChange, finishPasswordChange, type Changing } from "./sign-in.store.ts";
import { tokenHash } from "./tokens.ts";

/** Length as the 2018 paper asks (8) or more; age comes with the password policy. */
export const newPassword = rawText(200).min(8);
const input = z.strictObject({ current: rawText(1000).min(1), next: newPassword });

/** The one thing a session of a first password may do, so it is asked for the session and not for its user. */
export const changePasswordOperation = {
  name: "session.change_password",
  summary:
    "Changes the user's own password and ends his other sessions. A first or reset password must be changed so before anything else.",
  input,
  output: z.object({}),
  secret: true,
} satisfies Partial<Action>;

/** The guess at the present password is counted before it is compared; after too many the session has ended. */
export async function changePassword(call: Call, raw: unknown): Promise<Record<string, never>> {
  const at = new Date();
  let found: Changing | undefined;
  const log = (outcome: string) =>
    auditRow(call, found, { action: changePasswordOperation.name, outcome, at });
  try {
    const passwords = shaped(
      changePasswordOperation as unknown as Action<z.infer<typeof input>>,
      raw,
      call.language,
    );
    if (call.token !== undefined) found = await beginPasswordChange(call, tokenHash(call.token));
    if (found === undefined) throw new Refusal("signed_out");
    await change(call, found, passwords);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    await call.tenant.audit.refused(log(refusal.code));
    refusal.logged = true;
    throw refusal;
  }
  await writeAudit(call.tenant, [log("done")]);
  return {};
}

async function change(call: Call, user: Changing, { current, next }: z.infer<typeof input>): Promise<void> {
  const hash = await hashingFor(whoseOf(call, user), async (hashing) => {
    if (!(await hashing.fits(current, user.passwordHash)))
      throw new Refusal("wrong_password", { field: "current" });
    if (next === current) throw new Refusal("same_password", { field: "next" });
    const { name, host } = call.tenant;
    mustBeHardToGuess(next, [user.name, user.fullName, user.email ?? "", name, host]);
    return await hashing.hash(next);
  });
  await finishPasswordChange(call, user.sessionId, hash);
}
