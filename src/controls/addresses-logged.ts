import { control, fault, minutes, type Check } from "./control.ts";
import { inTenants } from "./every-tenant.ts";

/** An address of this very machine that nobody would list as a proxy. */
const peer = "127.0.0.99";
const pretended = "203.0.113.9";
const spoofed = {
  from: peer,
  headers: { "x-forwarded-for": pretended, "x-real-ip": pretended, forwarded: `for=${pretended}` },
};

export const addressesLogged = control({
  id: "W-13",
  version: 1,
  statement: {
    en: "Every sign-in and every refusal is logged with the address it came from.",
    da: "Hvert login og hver afvisning logges med den adresse, den kom fra.",
  },
  source: { paper: "webcrm-2015", section: "access" },
  every: minutes(60),
  expected:
    "what comes from one address and pretends to be from another is logged under the first, and no row is without an address",
  async check(check) {
    const { logged, underPeer } = await comeFromPeer(check);
    const missing = await inTenants<{ rows: number }>(
      check.system.tenancy,
      `select ((select count(*) from access.sign_in where ip is null)
        + (select count(*) from public.audit where ip is null and (outcome <> 'done' or action = 'session.sign_in')))::integer as rows`,
    );
    const withoutAddress = missing.reduce((sum, { row }) => sum + row.rows, 0);
    const observed = { logged, underPeer, tenantsLookedInto: missing.length, withoutAddress };
    return { holds: logged === expectedRows && underPeer === logged && withoutAddress === 0, observed };
  },
  faults: [
    fault("every proxy is believed", async ({ restart }) => {
      await restart({ STRONGROOM_PROXIES: "0.0.0.0/1,128.0.0.0/1" });
      return () => restart({});
    }),
  ],
});

/** A wrong and a right sign-in and a sign-out in one log; those refused or opened, and a refusal, in the other. */
const expectedRows = 3 + 4;

async function comeFromPeer({ canary }: Check): Promise<{ logged: number; underPeer: number }> {
  const { id, name, password } = canary.user("restricted");
  const [last] = await canary.rows<{ id: number }>(
    "select coalesce(max(id), 0)::integer as id from access.sign_in",
  );
  const browser = canary.browser();
  const answers = [
    await browser.signIn(name, "not the password", spoofed),
    await browser.signIn(name, password, spoofed),
    await browser.ask("GET", "/api/users", undefined, spoofed),
    await browser.ask("POST", "/api/sign-out", {}, spoofed),
  ];
  const rows = await canary.rows<{ ip: string | null }>(
    `select host(ip) as ip from access.sign_in where id > $1 and user_id = $2
     union all select host(ip) from public.audit where request_id = any ($3::uuid[]) and action <> 'session.show'`,
    [last?.id ?? 0, id, answers.map(({ requestId }) => requestId)],
  );
  return { logged: rows.length, underPeer: rows.filter(({ ip }) => ip === peer).length };
}
