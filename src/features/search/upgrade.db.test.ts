import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { openTestTenancy } from "#testing/postgres.ts";

const migrations = resolve(import.meta.dirname, "../../../migrations/tenant");
/** The last version whose words knew no letter beyond z. */
const before = 18;

test("records that were there before the folding are found by their letters after the upgrade", async () => {
  const folder = await mkdtemp(join(tmpdir(), "strongroom-migrations-"));
  const files = (await readdir(migrations)).toSorted();
  const bring = async (names: string[]) => {
    for (const name of names) await cp(join(migrations, name), join(folder, name));
  };
  await bring(files.slice(0, before));
  await using tenancy = await openTestTenancy({ migrations: { tenant: folder } });
  const tenant = await tenancy.aTenant();
  await tenancy.asOwner(tenant, (owner) =>
    owner.query(`insert into public.organisation (id, name, city)
      select gen_random_uuid(), name, 'Ærøskøbing' from unnest(array['Sørensen', 'Plain', 'Jyske-Bank', 'Aalborg']) name`),
  );
  await bring(files.slice(before));
  expect((await tenancy.migrateAll()).failed).toEqual([]);

  const words = await tenancy.asOwner(tenant, (owner) =>
    owner.query("select word from public.search_word where module = 'organisation' order by word"),
  );
  const city = "aeroskobing";
  const expected = ["sorensen", " sorensen", "plain", " plain", "jyske", "bank", "jyskebank", " jyske bank"];
  const spelled = ["aalborg", "alborg", " aalborg", " alborg"];
  expect(words.rows.map(({ word }) => word)).toEqual(
    [...expected, ...spelled, city, city, city, city].toSorted(),
  );
  await rm(folder, { recursive: true });
});
