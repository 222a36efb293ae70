// Makes tenants without end, for the test that kills it in the middle of one.
import { randomName } from "#platform/secrets/index.ts";
import { openLog } from "#platform/log/index.ts";
import { openTenancy, type TenancyOptions } from "#platform/tenancy/index.ts";

const options = JSON.parse(process.env["TENANCY"] ?? "{}") as TenancyOptions;
const tenancy = await openTenancy({ ...options, log: openLog({ level: "silent" }) });
process.stdout.write("ready\n");
for (;;) await tenancy.createTenant({ key: randomName("k"), name: "Half a tenant" });
