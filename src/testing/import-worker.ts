// Works off imports of another's tenancy and stays, for the test that kills it.
import { TenantConnections } from "../apps/tenant-connections.ts";
import { openJobs } from "../apps/jobs.ts";
import { openLog } from "#platform/log/index.ts";
import { openTenancy, type TenancyOptions } from "#platform/tenancy/index.ts";

const options = JSON.parse(process.env["TENANCY"] ?? "{}") as TenancyOptions;
const log = openLog({ level: "silent" });
const tenancy = await openTenancy({ ...options, log });
const tenants = new TenantConnections(tenancy, 80);
const pace = { heartbeatSeconds: 10, superviseSeconds: 1 };
await openJobs({ tenancy, tenants, dataDirectory: options.dataDirectory, log, pace });
process.stdout.write("ready\n");
