import { randomInt } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";
import { attack, type Known } from "#testing/attack.ts";

/**
 * `npm run attack` asks twenty thousand times per level, by another seed each time; a sample is asked with every other
 * test, always by the same one, so that nobody's change is blamed for what was there before.
 */
const wanted = process.env["STRONGROOM_ATTACK_CALLS"];
const calls = Number(wanted ?? 300);
const seed = Number(
  process.env["STRONGROOM_ATTACK_SEED"] ?? (wanted === undefined ? 20_261_127 : randomInt(2 ** 31)),
);

let api: TestApi;
let known: Known;
const sessions: string[] = [];
const people = new Map<string, Browser>();

beforeAll(async () => {
  api = await openTestApi({ jobs: "given" });
  const admin = api.asAdministrator;
  const east = (await admin.ask("POST", "/api/territories", { name: "East" })).body.id;
  const west = (await admin.ask("POST", "/api/territories", { name: "West" })).body.id;
  const users = [await api.aUser({ name: "one", level: 61 }), await api.aUser({ name: "two", level: 25 })];
  const records: string[] = [];
  for (const territory of [east, west, undefined]) {
    const place = territory === undefined ? {} : { territory };
    const organisation = (await admin.ask("POST", "/api/organisations", { name: "A", ...place })).body.id;
    records.push(organisation);
    for (const [path, fields] of [
      ["persons", { lastName: "P", organisation }],
      ["opportunities", { name: "O", stage: "engaging", organisation, ...place }],
      ["activities", { name: "T", kind: "task", organisation, ...place }],
      ["products", { name: "G", ...place }],
    ] as const)
      records.push((await admin.ask("POST", `/api/${path}`, fields)).body.id);
  }
  known = { records, users: users.map(({ id }) => id) };
  people.set("nobody", api.browser());
  for (const [level, territories] of [[25], [61], [80, [east]], [99]] as const) {
    const made = await api.aUser({
      name: `level ${level}`,
      level,
      ...(territories && { territories: [...territories] }),
    });
    people.set(`a level ${level}`, await api.signedIn(made.name, made.password));
  }
  for (const browser of [admin, ...people.values()]) sessions.push(...browser.cookies.values());
}, 120_000);
afterAll(() => api.close());

test.each(["nobody", "a level 25", "a level 61", "a level 80", "a level 99"])(
  "whatever %s asks, nothing fails, nothing refused changes a row, no answer is too large",
  async (who) => {
    const attacked = await attack(api, people.get(who) as Browser, { calls, seed, known, sessions });
    process.stdout.write(
      `attack as ${who}: seed ${seed}, ${attacked.calls} calls, ${attacked.refused} refused\n`,
    );
    expect(attacked.calls).toBeGreaterThanOrEqual(calls);
    if (who !== "nobody") expect(attacked.refused).toBeLessThan(attacked.calls);
    expect(attacked.faults).toEqual([]);
  },
  1_800_000,
);
