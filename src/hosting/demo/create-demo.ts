import type { Tenancy, Tenant } from "#platform/tenancy/index.ts";
import { demoPeople, insertPeople, type DemoPerson } from "./demo-people.store.ts";
import { insertRecords, noteArrival } from "./demo-records.store.ts";

/** Makes the demo tenant whole or not at all; its passwords exist only in the answer. */
export async function createDemo(tenancy: Tenancy, today: Date): Promise<{ tenant: Tenant; people: DemoPerson[] }> {
  const people = demoPeople();
  const tenant = await tenancy.createTenant({ key: "maven", name: "Maven Hardware" }, (founded) =>
    tenancy.asOwner(founded, async (owner) => {
      await owner.query("begin");
      const { users } = await insertPeople(owner, people);
      await insertRecords(owner, users, today);
      await noteArrival(owner);
      await owner.query("commit");
      await owner.query("analyze");
    }),
  );
  return { tenant, people };
}
