import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Client } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { columnsOf, entriesOf, rowsOf, type Value } from "./rows.ts";
import type { Size } from "./size.ts";

type Connect = <Result>(work: (client: Client) => Promise<Result>) => Promise<Result>;

/**
 * Copies every record and its search words, as a superuser to whom no trigger and no foreign key applies;
 * the rows are what the triggers would have made of them. Indexes are made afterwards, two at a time.
 */
export async function fillRecords(connect: Connect, size: Size, say: (text: string) => void): Promise<void> {
  const indexes = await connect(dropIndexes);
  say(`copying ${size.organisations + size.persons + size.opportunities + size.activities} records`);
  await connect((records) => connect((words) => copyAll(records, words, size)));
  say(`making ${indexes.length} indexes`);
  const waiting = [...indexes];
  const worker = () =>
    connect(async (client) => {
      await client.query("set maintenance_work_mem = '1500MB'; set max_parallel_maintenance_workers = 0");
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await client.query(next);
    });
  await Promise.all([worker(), worker()]);
  say("analysing");
  await connect((client) => client.query("vacuum (analyze)"));
  await connect((client) => client.query("checkpoint"));
}

/** Drops the indexes that no constraint needs and answers the statements that make them again, largest first. */
async function dropIndexes(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(`
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
    where i.indrelid in ('public.organisation'::regclass, 'public.person'::regclass, 'public.opportunity'::regclass,
        'public.activity'::regclass, 'public.search_word'::regclass)
      and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
    order by i.indrelid = 'public.search_word'::regclass desc`);
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map(({ definition }) => definition);
}

/** Rows copied into a table emptied in the same transaction are frozen at once: no vacuum has to touch them. */
async function copyAll(records: Client, words: Client, size: Size): Promise<void> {
  await records.query("begin; set local session_replication_role = replica");
  await records.query(
    "truncate public.organisation, public.person, public.product, public.opportunity, public.activity cascade",
  );
  await words.query("begin; set local session_replication_role = replica; truncate public.search_word");
  const wordLines = copyInto(words, "search_word", [
    "record_id",
    "module",
    "word",
    "territory_id",
    "responsible_id",
    "second_responsible_id",
  ]);
  for (const { kind, count, row } of rowsOf(size)) {
    const recordLines = copyInto(records, kind, columnsOf(kind));
    for (let index = 0; index < count; index++) {
      const record = row(index);
      const { id, territory, responsible, second } = record;
      recordLines.add(record.values);
      const entries = record.inBin ? [] : entriesOf(record);
      for (const entry of entries) wordLines.add([id, kind, entry, territory, responsible, second]);
      if (recordLines.full) await recordLines.flush();
      if (wordLines.full) await wordLines.flush();
    }
    await recordLines.end();
  }
  await wordLines.end();
  await words.query("commit");
  await records.query("commit");
}

const chunkCharacters = 256 * 1024;

/** Lines on their way into one table, in COPY's text format. */
function copyInto(client: Client, table: string, columns: readonly string[]) {
  const stream: Writable = client.query(
    copyFrom(`copy public.${table} (${columns.join(", ")}) from stdin with (freeze)`),
  );
  let lines = "";
  const flush = async () => {
    const chunk = lines;
    lines = "";
    if (chunk !== "" && !stream.write(chunk)) await once(stream, "drain");
  };
  return {
    add(values: readonly Value[]) {
      lines += `${values.map((value) => value ?? String.raw`\N`).join("\t")}\n`;
    },
    get full() {
      return lines.length >= chunkCharacters;
    },
    flush,
    async end() {
      await flush();
      const finished = once(stream, "finish");
      stream.end();
      await finished;
    },
  };
}
