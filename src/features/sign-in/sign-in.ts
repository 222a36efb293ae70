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
import { hashingFor, type Hashing } from "./password-hash.ts";
import { beginSignIn, finishSignIn, logSignIn, type Failed } from "./sign-in.store.ts";
import { newToken, tokenHash } from "./tokens.ts";

const input = z.strictObject({ name: rawText(200).min(1), password: rawText(1000).min(1) });

/** The one action without an actor: it makes one. */
export const signInOperation = {
  name: "session.sign_in",
  summary:
    "Signs a user in; the session comes as a cookie. Unknown names, wrong passwords and blocked accounts are answered alike.",
  input,
  output: z.object({}),
} satisfies Partial<Action>;

export type SignedIn = { token: string; device: string; first: boolean; failed: Failed };

/**
 * Opens a session, or throws `sign_in_failed` for every reason alike (surfaces, rule 13).
 * `device` is the cookie of a device that has signed in before.
 */
export async function signIn(call: Call, raw: unknown, device: string | undefined): Promise<SignedIn> {
  const at = new Date();
  try {
    const { name, password } = shaped(
      signInOperation as unknown as Action<z.infer<typeof input>>,
      raw,
      call.language,
    );
    // The turn comes before the attempt is counted: who is refused for others' noise has not guessed.
    return await hashingFor(whoseOf(call), (hashing) =>
      attempt(call, { name: name.trim(), password, device, hashing, at }),
    );
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    await call.tenant.audit.refused(
      auditRow(call, undefined, { action: signInOperation.name, outcome: refusal.code, at }),
    );
    refusal.logged = true;
    throw refusal;
  }
}

type Attempt = {
  name: string;
  password: string;
  device: string | undefined;
  hashing: Hashing;
  at: Date;
};

async function attempt(call: Call, { name, password, device, hashing, at }: Attempt): Promise<SignedIn> {
  const oldDevice = device === undefined ? null : tokenHash(device);
  const begun = await beginSignIn(call, name, oldDevice);
  const refuse = async (): Promise<never> => {
    await logSignIn(call, name, begun.userId, begun.blocked ? "blocked" : "failed");
    throw new Refusal("sign_in_failed");
  };
  if (!(await hashing.fits(password, begun.passwordHash))) return await refuse();
  // The device is named by us and anew each time: what a browser brings along is never taken over.
  const tokens = { token: newToken(), device: newToken() };
  const hashes = { token: tokenHash(tokens.token), device: tokenHash(tokens.device), oldDevice };
  const opened = await finishSignIn(call, begun, hashes);
  if (opened === undefined) return await refuse();
  await logSignIn(call, name, begun.userId, "signed_in");
  await writeAudit(call.tenant, [
    {
      ...auditRow(call, undefined, { action: signInOperation.name, outcome: "done", at }),
      userId: begun.userId,
    },
  ]);
  return { ...tokens, ...opened };
}
