import type { Canary } from "./canary/index.ts";
import { control, fault, minutes } from "./control.ts";
import { inTenants } from "./every-tenant.ts";
import { breakWithSql } from "./policy-fault.ts";

const guessesAtOnce = 64;
/** As many as may be compared with the password before the door is shut. */
const comparedMax = 4;

export const blockedAfterFourth = control({
  id: "W-16",
  version: 2,
  statement: {
    en: "A user who fails to sign in more than three times is blocked: for a time that doubles, or until an administrator lets him in again.",
    da: "En bruger, der logger forkert ind mere end tre gange, spærres: i en tid, der fordobles, eller indtil en administrator lukker ham ind igen.",
  },
  source: { paper: "webcrm-2015", section: "access" },
  every: minutes(60),
  expected:
    "three wrong then right: in; four wrong then right: refused, and in once unblocked; of 64 guesses at once at most four are compared",
  async check({ system, canary }) {
    await unblock(canary);
    const thirdForgiven = (await wrong(canary, 3)) && (await right(canary));
    await wrong(canary, 4);
    const fourthBlocked = !(await right(canary));
    await unblock(canary);
    const unblocked = await right(canary);
    const { compared, answered } = await guessAtOnce(canary);
    await unblock(canary);
    const limits = await inTenants<{ limit: number }>(
      system.tenancy,
      `select value::integer as "limit" from access.setting where key = 'failedSignInLimit'`,
    );
    const looserTenants = limits.filter(({ row }) => row.limit > 3).length;
    const observed = {
      thirdForgiven,
      fourthBlocked,
      unblocked,
      guessesAtOnce: answered,
      comparedWithThePassword: compared,
      tenantsLookedInto: limits.length,
      looserTenants,
    };
    return {
      holds:
        thirdForgiven &&
        fourthBlocked &&
        unblocked &&
        compared > 0 &&
        compared <= comparedMax &&
        looserTenants === 0,
      observed,
    };
  },
  faults: [
    fault("the limit is five", ({ tenancy, canary }) => {
      const set = (limit: number) =>
        `update access.setting set value = '${limit}' where key = 'failedSignInLimit'`;
      return breakWithSql(tenancy, canary, set(5), set(3));
    }),
  ],
});

/** Each attempt comes from a device that was never seen before. */
const right = async (canary: Canary) =>
  (await canary.browser().signIn("guessed", canary.user("guessed").password)).status === 200;
const wrongOnce = async (canary: Canary) =>
  (await canary.browser().signIn("guessed", "a wrong guess")).status;

async function wrong(canary: Canary, times: number): Promise<boolean> {
  for (let time = 0; time < times; time++)
    if ((await wrongOnce(canary)) === 200) throw new Error("a wrong password let somebody in");
  return true;
}

async function unblock(canary: Canary): Promise<void> {
  const { status } = await canary.administrator.ask(
    "POST",
    `/api/users/${canary.user("guessed").id}/unblock`,
    {},
  );
  if (status !== 200) throw new Error(`unblocking answered ${status}`);
}

/**
 * The log tells what became of each: "failed" was given the password's hash to compare with, "blocked" was not
 * (it is answered, and takes the same time, all the same).
 */
async function guessAtOnce(canary: Canary): Promise<{ compared: number; answered: number }> {
  const [last] = await canary.rows<{ id: number }>(
    "select coalesce(max(id), 0)::integer as id from access.sign_in",
  );
  const statuses = await Promise.all(Array.from({ length: guessesAtOnce }, () => wrongOnce(canary)));
  const rows = await canary.rows<{ outcome: string }>(
    "select outcome from access.sign_in where id > $1 and user_id = $2",
    [last?.id ?? 0, canary.user("guessed").id],
  );
  return {
    compared: rows.filter(({ outcome }) => outcome !== "blocked").length,
    answered: statuses.filter((status) => status >= 400).length,
  };
}
