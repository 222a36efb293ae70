import type { PoolClient } from "pg";
import { oracleModules, type OracleModule, type WorldUser } from "#controls/oracle/index.ts";
import type { RandomRecord } from "./random-world.ts";

export const tried = ["create", "edit", "delete", "reassign", "export"] as const;

export type HandOver = "set" | "second" | "take" | "drop";

/** One statement over some records of one module; `hand` is how they would be handed over. */
export type Batch = {
  verb: (typeof tried)[number];
  module: OracleModule;
  rows: RandomRecord[];
  hand: HandOver;
};

/** How many rows each statement touched, 0 when it was refused; every one is rolled back. */
export async function tryBatches(
  client: PoolClient,
  user: WorldUser,
  batches: readonly Batch[],
): Promise<number[]> {
  if (batches.length === 0) return [];
  const asked = batches.map(({ verb, module, rows, hand }) => ({
    statement: `${verb} ${module}`,
    ids: rows.map(({ id }) => id),
    rows,
    hand,
  }));
  await client.query("select set_config('try.batches', $1, true), set_config('try.me', $2, true)", [
    JSON.stringify(asked),
    String(user.id),
  ]);
  await client.query(block(batches));
  const { rows } = await client.query<{ counts: number[] }>(
    "select current_setting('try.counts')::integer[] as counts",
  );
  return rows[0]?.counts ?? [];
}

const newRows = `jsonb_to_recordset(batch.rows) w(responsible integer, "secondResponsible" integer, territory integer, organisation uuid, person uuid)`;

/** Each statement in a subtransaction of its own that is rolled back. */
const block = (batches: readonly Batch[]) => `do $$
declare
  batch record;
  me integer := current_setting('try.me');
  touched integer;
  counts integer[] := '{}';
begin
  for batch in select * from jsonb_to_recordset(current_setting('try.batches')::jsonb) b(statement text, ids uuid[], rows jsonb, hand text) loop
    touched := 0;
    begin
      ${branches(batches)}
      if batch.statement not like 'create%' then get diagnostics touched = row_count; end if;
      raise exception using errcode = 'ZZ001';
    exception when sqlstate 'ZZ001' then null; when insufficient_privilege then touched := 0;
    end;
    counts := counts || touched;
  end loop;
  perform set_config('try.counts', counts::text, true);
end $$`;

function branches(batches: readonly Batch[]): string {
  const names = new Set(batches.map(({ verb, module }) => `${verb} ${module}`));
  const all = tried.flatMap((verb) =>
    oracleModules.map((module) => ({ name: `${verb} ${module}`, statement: statements[verb](module) })),
  );
  return (
    all
      .filter(({ name }) => names.has(name))
      .map(
        ({ name, statement }, index) =>
          `${index === 0 ? "if" : "elsif"} batch.statement = '${name}' then ${statement};`,
      )
      .join("\n") + " end if;"
  );
}

const statements: Record<Batch["verb"], (module: OracleModule) => string> = {
  create,
  edit: (module) => `update public.${module} set notes = 'tried' where id = any (batch.ids)`,
  delete: (module) => `update public.${module} set deleted_at = now() where id = any (batch.ids)`,
  reassign: (module) => `update public.${module} set territory_set = territory_set <> (batch.hand = 'set'),
    second_responsible_id = case batch.hand when 'second' then me else second_responsible_id end,
    responsible_id = case batch.hand when 'take' then me when 'drop' then null else responsible_id end where id = any (batch.ids)`,
  export: (module) => `perform from public.${module} where id = any (batch.ids)
    and access.allows('${module}', 'export', territory_id, responsible_id, second_responsible_id)`,
};

/** Answering with the new rows, as the program does, takes sight of them. */
function create(module: OracleModule): string {
  const own: Record<OracleModule, [string, string]> = {
    organisation: ["name", "'New'"],
    person: ["last_name, organisation_id", "'New', organisation"],
    product: ["name", "'New'"],
    opportunity: ["name, stage, organisation_id, person_id", "'New', 'won', organisation, person"],
    activity: ["name, kind, organisation_id, person_id", "'New', 'task', organisation, person"],
  };
  return `with made as (insert into public.${module} (id, responsible_id, second_responsible_id, territory_id, territory_set, ${own[module][0]})
      select gen_random_uuid(), responsible, "secondResponsible", coalesce(territory, 0), territory is not null, ${own[module][1]} from ${newRows}
      returning id) select count(*) into touched from made`;
}
