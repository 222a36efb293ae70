import type { ClientBase } from "pg";
import { v7 as timeOrderedId } from "uuid";
import { insertRows } from "./insert-rows.store.ts";
import { contactsPerAccount, inventedActivity, inventedContact, openDealsPerPerson } from "./invented.ts";
import { accounts, pipeline, products } from "./maven-data.ts";

const number = (text: string) => (text === "" ? null : Number(text));
const idByName = (rows: readonly { id: string; name: string }[]) => new Map(rows.map((row) => [row.name, row.id]));

export async function insertRecords(owner: ClientBase, users: ReadonlyMap<string, number>, today: Date): Promise<void> {
  const organisations = await insertOrganisations(owner);
  const goods = products().map((row) => ({ id: timeOrderedId(), name: row.product, series: row.series, price: number(row.sales_price), currency: "USD" }));
  await insertRows(owner, "public.product", withRecord(goods));
  const productIds = idByName(goods);
  const deals = pipeline().map((row) => ({
    id: timeOrderedId(),
    name: row.account === "" ? row.product : `${row.account} · ${row.product}`,
    reference: row.opportunity_id,
    responsible_id: users.get(row.sales_agent) ?? null,
    organisation_id: organisations.get(row.account) ?? null,
    product_id: productIds.get(row.product) ?? null,
    stage: row.deal_stage.toLowerCase(),
    value: number(row.close_value),
    currency: "USD",
    engaged_on: row.engage_date,
    closes_on: row.close_date,
  }));
  await insertRows(owner, "public.opportunity", withRecord(deals));
  await insertActivities(owner, deals, today);
}

async function insertOrganisations(owner: ClientBase): Promise<Map<string, string>> {
  const rows = accounts().map((row) => ({
    id: timeOrderedId(),
    name: row.account,
    sector: row.sector,
    year_established: number(row.year_established),
    revenue: number(row.revenue),
    employees: number(row.employees),
    office_location: row.office_location,
    parent: row.subsidiary_of,
  }));
  const ids = idByName(rows);
  const placed = rows.map(({ parent, ...row }) => ({ ...row, parent_id: ids.get(parent) ?? null }));
  await insertRows(owner, "public.organisation", withRecord(placed.filter((row) => row.parent_id === null)));
  await insertRows(owner, "public.organisation", withRecord(placed.filter((row) => row.parent_id !== null)));
  const contacts = rows.flatMap((row, index) =>
    Array.from({ length: contactsPerAccount }, (_, each) => ({ id: timeOrderedId(), organisation_id: row.id, ...inventedContact(index * contactsPerAccount + each) })),
  );
  await insertRows(owner, "public.person", withRecord(contacts));
  return ids;
}

type Deal = { id: string; name: string; stage: string; responsible_id: number | null; organisation_id: string | null };

async function insertActivities(owner: ClientBase, deals: readonly Deal[], today: Date): Promise<void> {
  const taken = new Map<number | null, number>();
  const chosen = deals.filter((deal) => {
    const count = taken.get(deal.responsible_id) ?? 0;
    if (deal.stage !== "engaging" || deal.organisation_id === null || count >= openDealsPerPerson) return false;
    taken.set(deal.responsible_id, count + 1);
    return true;
  });
  const rows = chosen.map((deal, index) => ({
    id: timeOrderedId(),
    ...inventedActivity(index, today),
    responsible_id: deal.responsible_id,
    organisation_id: deal.organisation_id,
    opportunity_id: deal.id,
  }));
  await insertRows(owner, "public.activity", withRecord(rows));
}

/** The columns that an insert through `perform` gets from its defaults; jsonb_populate_recordset would leave them null. */
function withRecord<Row extends object>(rows: readonly Row[]) {
  const now = new Date().toISOString();
  return rows.map((row) => ({ ...row, version: 1, territory_id: 0, territory_set: false, created_at: now, changed_at: now }));
}

/** Each record's timeline begins with its arrival. */
export async function noteArrival(owner: ClientBase): Promise<void> {
  for (const module of ["organisation", "product", "person", "opportunity", "activity"]) {
    await owner.query(
      `insert into public.audit (action, outcome, module, record_id, detail)
       select $1 || '.import', 'done', $1, id, '{"changes": []}' from public.${module}`,
      [module],
    );
  }
}
