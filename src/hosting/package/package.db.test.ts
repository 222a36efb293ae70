import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFirstAdministrator } from "#features/users/index.ts";
import { openLog } from "#platform/log/index.ts";
import { openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { makeBaseBackup } from "../backup/base-backup.ts";
import type { Recovery } from "../restore/scratch-tenant.ts";
import { packageMoment, packageNow } from "./make-package.ts";
import { verifyPackage } from "./manifest.ts";

let host: BackedUpHost;
let recovery: Recovery;
const folder = (name: string) => join(host.directory, name);
const formula = '=HYPERLINK("http://elsewhere")';

beforeAll(async () => {
  host = await openBackedUpHost();
  await host.tenancy.createTenant({ key: "maven", name: "Maven A/S" }, async (tenant) => {
    await host.tenancy.asOwner(tenant, (owner) =>
      createFirstAdministrator(owner, { name: "admin", fullName: "Ada" }),
    );
  });
  await makeBaseBackup(host.backups, host.server.connection, new Date());
  const { backups, tenancy, server } = host;
  const log = openLog({ level: "silent" });
  recovery = { backups, tenancy, connection: server.connection, log, requestedBy: "test" };
}, 120_000);
afterAll(() => host.close());

async function addOrganisation(name: string): Promise<void> {
  const tenant = await host.tenancy.show("maven");
  await host.tenancy.asOwner(tenant, (owner) =>
    owner.query(
      `WITH made AS (INSERT INTO public.organisation (id, name, phone, responsible_id)
         SELECT gen_random_uuid(), $1, '+45 12 34 56 78', id FROM access.users LIMIT 1 RETURNING id)
       INSERT INTO public.audit (action, outcome, record_id) SELECT 'organisation.create', 'done', id FROM made`,
      [name],
    ),
  );
}

const text = (of: string, path: string) => readFile(join(folder(of), path), "utf8");

test("a tenant takes everything away as CSV and JSON lines, without a secret and without a formula", async () => {
  await addOrganisation(formula);
  const manifest = await packageNow(recovery, { key: "maven", folder: folder("now") }, new Date());
  expect(manifest).toMatchObject({ tenant: { key: "maven" }, target: null });
  expect(await verifyPackage(folder("now"))).toMatchObject({ problems: [], manifest });
  const [line = ""] = (await text("now", "tables/public.organisation.jsonl")).split("\n");
  expect(JSON.parse(line)).toMatchObject({ name: formula, phone: "+45 12 34 56 78" });
  const csv = await text("now", "tables/public.organisation.csv");
  expect(csv).toContain(`"'=HYPERLINK(""http://elsewhere"")"`);
  expect(csv).toContain(",+45 12 34 56 78,");
  const users = await text("now", "tables/access.users.jsonl");
  expect(users).toContain("Ada");
  expect(users).not.toContain("password_hash");
  const leftOut = manifest.leftOut.map(({ table, columns }) => `${table} ${columns.join(" ")}`);
  expect(leftOut).toContain("access.users password_hash");
  expect(leftOut).toContain("access.session token_hash");
  expect(leftOut.some((each) => each.startsWith("public.idempotency"))).toBe(true);
  expect(manifest.files.find(({ path }) => path === "tables/access.users.csv")?.rows).toBe(1);
  await expect(packageNow(recovery, { key: "maven", folder: folder("now") }, new Date())).rejects.toThrow(
    "is not empty",
  );
}, 60_000);

test("a package of a moment holds what was committed by then, nothing after it and nothing erased since", async () => {
  await delay(5);
  await addOrganisation("Erased since");
  await delay(5);
  const target = new Date();
  await delay(5);
  await host.tenancy.asOwner(await host.tenancy.show("maven"), (owner) =>
    owner.query(
      "SELECT public.erase_again('organisation', id, now(), 1) FROM public.organisation WHERE name = 'Erased since'",
    ),
  );
  await addOrganisation("After");
  const wanted = { key: "maven", folder: folder("then"), target };
  const manifest = await packageMoment(recovery, wanted, new Date());
  expect(manifest).toMatchObject({ target: target.toISOString(), erased: 1 });
  expect(String(manifest.lastOwnCommit) <= target.toISOString()).toBe(true);
  const organisations = await text("then", "tables/public.organisation.jsonl");
  expect(organisations).toContain("HYPERLINK");
  expect(organisations).not.toContain("After");
  expect(organisations).not.toContain("Erased since");
}, 60_000);

test("a missing, a changed and an added file are found, and a package without its manifest is none", async () => {
  const path = (name: string) => join(folder("now"), "tables", name);
  await rm(path("public.stage.csv"));
  await writeFile(path("access.users.jsonl"), "{}\n");
  await writeFile(path("more.csv"), "");
  expect((await verifyPackage(folder("now"))).problems).toEqual([
    "tables/access.users.jsonl was changed.",
    "tables/public.stage.csv is missing.",
    "tables/more.csv was added.",
  ]);
  await rm(join(folder("now"), "manifest.json"));
  await expect(verifyPackage(folder("now"))).rejects.toMatchObject({ code: "damaged" });
});
