import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openJobs } from "../../apps/jobs.ts";
import { TenantConnections } from "../../apps/tenant-connections.ts";
import { openLog } from "#platform/log/index.ts";
import { openTestApi, type TestApi } from "#testing/api.ts";
import { upload } from "#testing/imports.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ jobs: "given" });
});
afterAll(() => api.close());

const pace = { heartbeatSeconds: 10, superviseSeconds: 1 };

test("a job that is killed half way leaves nothing, and another process takes it up from the first row", async () => {
  const { log: _, ...options } = api.tenancy.options;
  const worker = spawn(process.execPath, [join(import.meta.dirname, "../../testing/import-worker.ts")], {
    env: { ...process.env, TENANCY: JSON.stringify(options) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(worker.stdout, "data");

  const { asAdministrator } = api;
  const file = `name,city\n${Array.from({ length: 30_000 }, (_, row) => `Killed ${row},City ${row % 50}`).join("\n")}\n`;
  const { id } = (await upload(asAdministrator, "organisation", file)).body;
  expect((await asAdministrator.ask("POST", `/api/imports/${id}/run`)).status).toBe(202);
  const show = async () => (await asAdministrator.ask("GET", `/api/imports/${id}`)).body;
  let half = await show();
  while (half.done < 1000) half = await show();
  worker.kill("SIGKILL");
  await once(worker, "exit");
  expect(half).toMatchObject({ state: "running", created: 0 });
  expect((await asAdministrator.ask("GET", "/api/organisations/count")).body).toEqual({
    count: 0,
    exact: true,
  });

  const log = openLog({ level: "silent" });
  const tenants = new TenantConnections(api.tenancy, 80);
  const jobs = await openJobs({
    tenancy: api.tenancy,
    tenants,
    dataDirectory: api.tenancy.options.dataDirectory,
    log,
    pace,
  });
  let one = await show();
  while (one.state !== "done") one = await show();
  expect(one).toMatchObject({ created: 30_000, refused: 0 });
  const { rows } = await api.tenancy.asOwner(api.tenant, (owner) =>
    owner.query(
      "select count(*)::int as records, count(distinct name)::int as names from public.organisation",
    ),
  );
  expect(rows).toEqual([{ records: 30_000, names: 30_000 }]);

  const owed = async () =>
    (
      await api.tenancy.asOwner(api.tenant, (owner) =>
        owner.query("select from public.import where words_from is not null"),
      )
    ).rowCount;
  while ((await owed()) !== 0);
  const words = await api.tenancy.asOwner(api.tenant, (owner) =>
    owner.query(
      "select count(distinct record_id)::int as records, count(*) - count(distinct (record_id, word)) as twice from public.search_word",
    ),
  );
  expect(words.rows).toEqual([{ records: 30_000, twice: 0 }]);
  const { body } = await asAdministrator.ask("GET", "/api/search", undefined, {
    query: { q: "killed 29999" },
  });
  expect(body.items).toMatchObject([{ name: "Killed 29999" }]);
  await jobs.stop();
  await tenants.close();
}, 120_000);
