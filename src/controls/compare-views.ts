import { idsBySql, readWorld, type Browser } from "./canary/index.ts";
import type { Check } from "./control.ts";
import { mayByTheWords, oracleModules, type OracleModule } from "./oracle/index.ts";

const paths: Record<OracleModule, string> = {
  organisation: "organisations",
  person: "persons",
  product: "products",
  opportunity: "opportunities",
  activity: "activities",
};

/**
 * What these users see in each module: by the words of the design, through the API, and as the tenant's own
 * database role with plain SQL. Counts every (user, record) and how many of them one side has otherwise.
 */
export async function compareViews({ system, canary }: Check, names: readonly string[]) {
  const world = await readWorld(system.tenancy, canary.tenant);
  const seen = { users: names.length, decisions: 0, seenByTheWords: 0, apiDiffers: 0, databaseDiffers: 0 };
  for (const name of names) {
    const browser = await canary.signedIn(name);
    const user = world.users.find(({ id }) => id === canary.user(name).id);
    if (user === undefined) throw new Error(`the canary's ${name} is not active`);
    for (const module of oracleModules) {
      const records = world.records.filter((record) => record.module === module);
      const expected = new Set(
        records.filter((record) => mayByTheWords(world, user, "view", record)).map(({ id }) => id),
      );
      seen.decisions += records.length;
      seen.seenByTheWords += expected.size;
      seen.apiDiffers += differing(expected, await listedIds(browser, paths[module]));
      seen.databaseDiffers += differing(
        expected,
        await idsBySql(system.tenancy, canary.tenant, browser.token(), module),
      );
    }
  }
  return seen;
}

const differing = (one: ReadonlySet<string>, other: readonly string[]) =>
  one.symmetricDifference(new Set(other)).size;

/** Every id the list gives, page by page; the count must say the same number. */
async function listedIds(browser: Browser, path: string): Promise<string[]> {
  const ids: string[] = [];
  let after = "";
  do {
    const { status, body } = await browser.ask("GET", `/api/${path}?limit=20&columns=name${after}`);
    if (status !== 200) throw new Error(`the list of ${path} answered ${status}`);
    ids.push(...body.items.map(({ id }: { id: string }) => id));
    after = body.next === null ? "" : `&after=${encodeURIComponent(body.next)}`;
  } while (after !== "");
  const { body } = await browser.ask("GET", `/api/${path}/count`);
  return body.count === ids.length ? ids : [...ids, "counted otherwise than listed"];
}
