import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { hashPassword } from "#features/sign-in/index.ts";
import { openLog } from "#platform/log/index.ts";
import { joinServer } from "#platform/postgres/index.ts";
import { randomPassword } from "#platform/secrets/index.ts";
import { openTenancy } from "#platform/tenancy/index.ts";
import { startApp } from "./app.ts";
import { Connection } from "./connection.ts";
import { cities, sectors } from "./invented.ts";
import { requestText, type Question } from "./operations.ts";
import { percentile, rounded, type Results } from "./results.ts";
import { organisationName } from "./rows.ts";
import { oneOf, mixed } from "./seeded.ts";
import { signIn } from "./sign-in.ts";

const tenantsMade = 5;

/** What a host does: a first start in an empty folder, with the demo tenant; new tenants; and an import into one. */
export async function measureHost(
  port: number,
  importRows: number,
  say: (text: string) => void,
): Promise<Results> {
  const folder = await mkdtemp(join(tmpdir(), "strongroom-bench-"));
  const app = await startApp(folder, port, "maven.localhost", true).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  say(`first start, with the demo tenant: ${app.startSeconds.toFixed(2)} s`);
  try {
    const log = openLog({ level: "warn" });
    const server = await joinServer({ directory: folder, log });
    const tenancy = await openTenancy({ server, dataDirectory: folder, domain: "localhost", log });
    const password = randomPassword();
    const hash = await hashPassword(password);
    const seconds: number[] = [];
    for (let number = 1; number <= tenantsMade; number++) {
      const from = performance.now();
      await tenancy.createTenant({ key: `tenant-${number}`, name: "New tenant" }, (tenant) =>
        tenancy.asOwner(tenant, async (owner) => {
          await owner.query(
            "insert into access.users (name, full_name, level, password_hash, password_set_at) values ('admin', 'Admin', 99, $1, now())",
            [hash],
          );
        }),
      );
      seconds.push((performance.now() - from) / 1000);
    }
    say(`new tenants: ${seconds.map((each) => each.toFixed(2)).join(", ")} s`);
    const imported = await importOrganisations(port, "tenant-1.localhost", password, importRows);
    say(`import: ${JSON.stringify(imported)}`);
    await tenancy.close();
    return {
      firstStartSeconds: rounded(app.startSeconds),
      "newTenant.p50Seconds": rounded(percentile(seconds, 50)),
      "newTenant.mostSeconds": rounded(percentile(seconds, 100)),
      ...imported,
    };
  } finally {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Import = { id: string; state: string; done: number; created: number; refused: number; error?: string };

/** The whole way over HTTP: the file goes up, its columns are named, it runs as a job, until it is done. */
async function importOrganisations(
  port: number,
  host: string,
  password: string,
  rows: number,
): Promise<Results> {
  const session = await signIn(host, port, "admin", password);
  const connection = await Connection.open(port);
  const ask = async (question: Question): Promise<Import> => {
    const answer = await connection.ask(requestText(session, question));
    if (answer.status >= 300)
      throw new Error(`${question.path} was answered ${answer.status}: ${answer.body.toString()}`);
    return JSON.parse(answer.body.toString()) as Import;
  };
  const csv = organisationsFile(rows);
  const from = performance.now();
  const { id } = await ask({
    method: "POST",
    path: "/api/imports?module=organisation&fileName=bench.csv",
    csv,
  });
  await ask({
    method: "PATCH",
    path: `/api/imports/${id}`,
    body: { mapping: Object.fromEntries(columns.map((name) => [name, name])) },
  });
  const uploaded = performance.now();
  let current = await ask({ method: "POST", path: `/api/imports/${id}/run`, body: {} });
  while (current.state === "waiting" || current.state === "running") {
    await delay(50);
    current = await ask({ method: "GET", path: `/api/imports/${id}` });
  }
  const done = performance.now();
  connection.close();
  if (current.state !== "done" || current.created !== rows)
    throw new Error(`The import ended as ${JSON.stringify(current).slice(0, 500)}`);
  return {
    "import.rows": rows,
    "import.uploadSeconds": rounded((uploaded - from) / 1000),
    "import.rowsPerSecond": Math.round((rows * 1000) / (done - from)),
  };
}

const columns = ["name", "sector", "yearEstablished", "revenue", "employees", "city", "phone"];

const organisationsFile = (rows: number): string =>
  [
    columns.join(","),
    ...Array.from({ length: rows }, (_, index) =>
      [
        `${organisationName(index)} ${index}`,
        oneOf(sectors, index, 90),
        1950 + (index % 70),
        (mixed(index, 91) % 100_000) / 100,
        1 + (mixed(index, 92) % 5000),
        oneOf(cities, index, 93),
        `+45 ${20_000_000 + index}`,
      ].join(","),
    ),
  ].join("\n");
