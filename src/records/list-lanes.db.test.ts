import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

let api: TestApi;
let limited: Browser;
const places: number[] = [];

beforeAll(async () => {
  api = await openTestApi();
  for (let number = 0; number < 12; number++)
    places.push(
      (await api.asAdministrator.ask("POST", "/api/territories", { name: `Place ${number}` })).body.id,
    );
  const [homeTerritory] = places;
  const user = await api.aUser({ name: "limited", level: 70, territories: places, homeTerritory });
  limited = await api.signedIn(user.name, user.password);
});
afterAll(() => api.close());

test("a page is the same whichever of many territories its records lie in, also when nearly all lie in one", async () => {
  const added: string[] = [];
  for (let number = 0; number < 70; number++) {
    const name = `Kept ${String(number).padStart(3, "0")}`;
    // The first page is one territory's alone, later ones are everybody's.
    const territory = number < 40 ? places[3] : places[number % places.length];
    const { status } = await api.asAdministrator.ask("POST", "/api/organisations", {
      name,
      territory,
      sector: number % 2 === 0 ? "retail" : "energy",
    });
    expect(status).toBe(201);
    added.push(name);
  }
  const retail = added.filter((_, index) => index % 2 === 0);
  expect(await everyPage({})).toEqual(added);
  expect(await everyPage({ sort: "-name" })).toEqual(added.toReversed());
  expect(await everyPage({ filter: JSON.stringify({ field: "sector", op: "eq", value: "retail" }) })).toEqual(
    retail,
  );
});

async function everyPage(query: Record<string, string>): Promise<string[]> {
  const names: string[] = [];
  let after: string | null = null;
  do {
    const { body } = await limited.ask("GET", "/api/organisations", undefined, {
      query: { limit: "20", ...query, ...(after === null ? {} : { after }) },
    });
    names.push(...body.items.map((item: { name: string }) => item.name));
    after = body.next;
  } while (after !== null);
  return names;
}
