import { expect, test } from "vitest";
import { openTestTenancy } from "#testing/postgres.ts";
import { readinessOf } from "./readiness.ts";
import { join } from "node:path";

const migrations = join(import.meta.dirname, "../../../migrations/registry");

test("the program is ready while its registry answers at its own version, and says why when not", async () => {
  const tenancy = await openTestTenancy();
  try {
    expect(await tenancy.notReady()).toEqual([]);
    await tenancy.registry.query(
      "INSERT INTO schema_version (number, name, sha256) VALUES (999, 'of a newer program', '')",
    );
    expect(await readinessOf(tenancy.registry, migrations)()).toEqual(["registry_not_migrated"]);
  } finally {
    await tenancy.close();
  }
  expect(await readinessOf(tenancy.registry, migrations)()).toEqual(["registry_away"]);
});
