// Restores a tenant, opens a moment of it or takes its restore back, for the test that kills it in the middle of one.
import { openBackups, openMoment, restoreBack, restoreTenant } from "#hosting/index.ts";
import { openLog } from "#platform/log/index.ts";
import { joinServer } from "#platform/postgres/index.ts";
import { openTenancy } from "#platform/tenancy/index.ts";

const [, , directory = "", key = "", target = "", how = ""] = process.argv;
const log = openLog({ level: "silent" });
const server = await joinServer({ directory, log });
const backups = await openBackups(directory, {}, new Date());
if (backups === undefined) throw new Error(`${directory} has no backups`);
const tenancy = await openTenancy({ server, dataDirectory: directory, domain: "localhost", log });
const recovery = {
  backups,
  tenancy,
  connection: server.connection,
  log,
  requestedBy: "a program that is killed",
};
const wanted = { key, target: new Date(target) };
if (how === "back") await restoreBack(recovery, { key }, new Date());
else if (how === "beside") await openMoment(recovery, wanted, new Date());
else await restoreTenant(recovery, wanted, new Date());
await tenancy.close();
