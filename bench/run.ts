import { openLog } from "#platform/log/index.ts";
import { joinServer } from "#platform/postgres/index.ts";
import { openTenancy } from "#platform/tenancy/index.ts";
import { startApp } from "./app.ts";
import { filledFolder, tenantKey, type Filled } from "./filled-folder.ts";
import { measureHost } from "./host.ts";
import { LoadGenerator } from "./load-generator.ts";
import { machineFacts } from "./machine.ts";
import { measureUsers } from "./measure.ts";
import { keep, table } from "./report.ts";
import type { Results } from "./results.ts";
import { folderOf, sizeOf } from "./size.ts";
import { derived } from "./targets.ts";

const port = Number(process.env["PORT"] ?? 3350);
const { size, pace } = sizeOf(process.argv);
const from = performance.now();
const say = (text: string) =>
  process.stdout.write(`${((performance.now() - from) / 1000).toFixed(1).padStart(7)} s  ${text}\n`);
/** Words on the command line measure only what has them in its name, and keep no results. */
const wanted = process.argv.slice(2).filter((each) => !each.startsWith("--"));
const only = (key: string) => wanted.length === 0 || wanted.some((each) => key.includes(each));

const filled = await filledFolder(folderOf(size), size, say);
const host = only("host") ? await measureHost(port + 1, pace.importRows, say) : {};
const users = await inTheFilledTenant(filled);
const results: Results = { ...users, ...host, ...derived(users) };
if (filled.fillSeconds !== undefined) results["fillSeconds"] = Math.round(filled.fillSeconds);
process.stdout.write(`\n${table(results)}\n`);
if (wanted.length === 0) await keep(results);

async function inTheFilledTenant({ folder, password }: Filled): Promise<Results> {
  const host = `${tenantKey}.localhost`;
  // The first start after a fill brings the folder up to date; the second is what a host sees every day.
  await (await startApp(folder, port, host, false)).stop();
  const app = await startApp(folder, port, host, false);
  say(`started in ${app.startSeconds.toFixed(2)} s`);
  const load = new LoadGenerator();
  try {
    const log = openLog({ level: "warn" });
    const server = await joinServer({ directory: folder, log });
    const tenancy = await openTenancy({ server, dataDirectory: folder, domain: "localhost", log });
    const tenant = await tenancy.show(tenantKey);
    const facts = await machineFacts(server.connection, size);
    const bench = { app, load, tenancy, tenant, server: server.connection, password, pace, say };
    const users = await measureUsers(bench, only);
    await tenancy.close();
    return { ...facts, warmStartSeconds: Number(app.startSeconds.toFixed(2)), ...users };
  } finally {
    load.stop();
    await app.stop();
  }
}
