import { readFile } from "node:fs/promises";
import { request, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { openLog } from "#platform/log/index.ts";
import { joinServer } from "#platform/postgres/index.ts";
import { openTenancy } from "#platform/tenancy/index.ts";
import { RunningHost } from "#testing/running-host.ts";

// Exports a million large records from the program as `npm start` runs it and looks at its memory meanwhile; then kills
// the program again and again and measures until it answers. `-- --rows=10000` is quicker.
const rows = Number(process.argv.find((word) => word.startsWith("--rows="))?.slice(7) ?? 1_000_000);
const say = (text: string) => process.stdout.write(`${text}\n`);

const host = await RunningHost.start({}, undefined, "watched");
try {
  const cookie = await host.signIn("maven", "admin", host.passwordOf("admin"));
  say(`Filling ${rows} organisations of 4 kB …`);
  await fill();
  for (const encoding of ["identity", "zstd"]) await measureExport(cookie, encoding);
  for (const signal of ["SIGKILL", "SIGABRT", "SIGKILL", "SIGABRT", "SIGKILL"] as const)
    say(
      `${signal}: answers a signed-in user again after ${(await secondsWithout(signal, cookie)).toFixed(2)} s`,
    );
} finally {
  await host.remove();
}

async function fill(): Promise<void> {
  const log = openLog({ level: "warn" });
  const server = await joinServer({ directory: host.directory, log });
  const tenancy = await openTenancy({ server, dataDirectory: host.directory, domain: "localhost", log });
  const { databaseName } = await tenancy.show("maven");
  const client = new Client({ ...server.connection, database: databaseName });
  await client.connect();
  // Past triggers and indexes: search words, the log and lists are not what is measured.
  await client.query("set session_replication_role = replica; set synchronous_commit = off");
  await client.query(`do $$ declare i regclass; begin
    for i in select indexrelid from pg_index where indrelid = 'public.organisation'::regclass and not indisunique
    loop execute format('drop index %s', i); end loop; end $$`);
  await client.query(`insert into public.organisation (id, name, notes, responsible_id, created_by, changed_by)
    select gen_random_uuid(), 'Organisation ' || n, repeat(md5(n::text), 125), 1, 1, 1 from generate_series(1, ${rows}) n`);
  await client.query("analyze public.organisation");
  await client.end();
  await tenancy.close();
}

async function measureExport(cookie: string, encoding: string): Promise<void> {
  const before = await memoryOf(await host.programPid());
  const seen = [before];
  const read = new AbortController();
  const watching = (async () => {
    while (!read.signal.aborted) {
      seen.push(await memoryOf(await host.programPid()));
      await pause(200);
    }
  })();
  const from = performance.now();
  const answer = await exported(cookie, encoding);
  let bytes = 0;
  for await (const chunk of answer) bytes += (chunk as Buffer).length;
  read.abort();
  await watching;
  const seconds = (performance.now() - from) / 1_000;
  say(
    `${encoding}: ${answer.headers["strongroom-rows"]} rows, ${(bytes / 1e9).toFixed(2)} GB on the wire, ${answer.complete ? "whole" : "CUT"}, ` +
      `${seconds.toFixed(0)} s, ${Math.round(rows / seconds)} rows/s; memory ${before} MB before, at most ${Math.max(...seen)} MB`,
  );
}

async function exported(cookie: string, encoding: string): Promise<IncomingMessage> {
  const sent = request({
    host: "127.0.0.1",
    port: host.port,
    method: "POST",
    path: "/api/organisations/export",
    headers: {
      host: `maven.localhost:${host.port}`,
      cookie,
      "content-type": "application/json",
      "accept-encoding": encoding,
    },
  });
  sent.end("{}");
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`The export was refused with ${answer.statusCode}.`);
  return answer;
}

async function secondsWithout(signal: NodeJS.Signals, cookie: string): Promise<number> {
  const from = performance.now();
  process.kill(await host.programPid(), signal);
  for (;;) {
    const answer = await host.ask("maven", "GET", "/api/products", { cookie }).catch(() => undefined);
    if (answer?.status === 200) return (performance.now() - from) / 1_000;
    await pause(20);
  }
}

/** What the process holds, in megabytes. */
async function memoryOf(pid: number): Promise<number> {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kilobytes) / 1_024);
}
