import { questionOf } from "./behaviour/ask-operation.ts";
import { Decisions } from "./behaviour/decisions.ts";
import { describedOperations, type Operation } from "./behaviour/operations.ts";
import type { Canary } from "./canary/index.ts";
import { control, fault, minutes } from "./control.ts";
import { breakWithSql } from "./policy-fault.ts";

/** Open streams answer for ever, and ask themselves again and again: only their refusals have rows. */
const neverEnds = "stream";

export const behaviourLogged = control({
  id: "D-19",
  version: 1,
  statement: {
    en: "What users do is logged, what they were allowed as well as what they were refused.",
    da: "Hvad brugere gør, logges – både det, de fik lov til, og det, de blev nægtet.",
  },
  source: { paper: "dynamicweb-2018", section: "3.3 Logging" },
  every: minutes(60),
  expected:
    "every operation the API describes, asked once by who may and once by who may not, leaves a row with its decision",
  async check({ canary }) {
    const operations = await describedOperations(canary.administrator);
    const decisions = new Decisions(canary);
    const withoutAllowed: string[] = [];
    let notRefused = 0;
    for (const operation of operations) {
      const { allowed, refused } = await askBothWays(operation, canary, decisions);
      if (!allowed) withoutAllowed.push(operation.operationId);
      if (!refused) notRefused += 1;
    }
    const logged = await decisions.logged();
    const observed = {
      operations: operations.length,
      decisions: decisions.count,
      logged,
      notRefused,
      withoutAllowed: withoutAllowed.join(" "),
    };
    return {
      holds: logged === decisions.count && notRefused === 0 && decisions.count >= operations.length * 2 - 1,
      observed,
    };
  },
  faults: [
    fault("refusals are dropped", ({ tenancy, canary }) =>
      breakWithSql(
        tenancy,
        canary,
        `create function public.swallow() returns trigger language plpgsql as $$ begin return case when new.outcome = 'done' then new end; end $$;
         create trigger swallow before insert on public.audit for each row execute function public.swallow()`,
        "drop trigger swallow on public.audit; drop function public.swallow()",
      ),
    ),
  ],
});

async function askBothWays(operation: Operation, canary: Canary, decisions: Decisions) {
  const { browser, method, path, body, asking } = await questionOf(operation, canary, decisions);
  // Signing in is refused to who has no password; everything else to who has no session.
  const without =
    operation.operationId === "session.sign_in"
      ? { ...(body as object), password: "not the password" }
      : body;
  const refusal = await decisions.ask(canary.browser(), method, path, without, asking);
  const refused = refusal.status >= 400 && refusal.status < 500;
  if (operation.operationId.startsWith(neverEnds)) return { allowed: false, refused };
  const { status } = await decisions.ask(browser, method, path, body, asking);
  return { allowed: status < 300, refused };
}
