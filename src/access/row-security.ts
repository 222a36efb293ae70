import { verbs } from "#core/index.ts";
import { rule } from "./rule.ts";

/** The rule as SQL text over the database's own functions, which read the session of the transaction. */
function compiled(
  module: string,
  verb: string,
  column: (name: string) => string,
  once: (call: string) => string,
): string {
  const answers = {
    everywhere: once("access.everywhere()"),
    territories: once("access.territories()"),
    everyone: once(`access.everyone(${module}, ${verb})`),
    people: once(`access.people(${module}, ${verb})`),
  };
  return rule
    .map((clause) => {
      const within = clause.columns.map(
        (name) => `${column(name)} = any (${answers[clause.within]}::integer[])`,
      );
      return `(${answers[clause.free]} or ${within.join(" or ")})`;
    })
    .join("\n    and ");
}

/** A policy asks each function once per statement (an InitPlan), never once per row. */
const perStatement = (call: string) => `(select ${call})`;

/** The row-level-security policies of one module's table, and the trigger that tells its verbs apart. */
function rowSecurityOf(module: string): string {
  const policy = (verb: string) => compiled(`'${module}'`, `'${verb}'`, (name) => name, perStatement);
  const table = `public.${module}`;
  return `alter table ${table} enable row level security;
alter table ${table} force row level security;
drop policy if exists owner on ${table};
create policy owner on ${table} to strongroom_owner using (true);
drop policy if exists viewed on ${table};
create policy viewed on ${table} for select to strongroom_runtime using (
    ${policy("view")});
drop policy if exists created on ${table};
create policy created on ${table} for insert to strongroom_runtime with check (
    ${policy("create")});
drop policy if exists changed on ${table};
create policy changed on ${table} for update to strongroom_runtime using (
    ${policy("view")});
drop trigger if exists a_verbs on ${table};
drop trigger if exists d_verbs on ${table};
create trigger d_verbs before update on ${table} for each row execute function access.check_verbs();
`;
}

/** The functions that ask the same rule about one row. */
function ruleFunctions(): string {
  const argument: Record<string, string> = {
    territory_id: "$3",
    responsible_id: "$4",
    second_responsible_id: "$5",
  };
  const body = compiled(
    "$1",
    "$2",
    (name) => argument[name] ?? "null",
    (call) => call,
  );
  return `create or replace function access.allows(module text, verb text, territory integer, responsible integer, second_responsible integer)
  returns boolean language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce(${body}, false);
end $$;

-- What changes is what is judged, whatever was typed: the record's people or place are a reassignment, deleted_at is a
-- deletion, all else an edit. Runs after the place was derived (c_place), on the record as it was and as it will be.
-- What merely follows another record is the owner's work and part of that one's verb, unless it is said to be judged.
create or replace function access.check_verbs() returns trigger language plpgsql set search_path = '' as $$
declare
  reassigned boolean := (old.territory_id, old.territory_set, old.responsible_id, old.second_responsible_id)
    is distinct from (new.territory_id, new.territory_set, new.responsible_id, new.second_responsible_id);
  deleted boolean := old.deleted_at is distinct from new.deleted_at;
  edited boolean := not reassigned and not deleted;
  beside text[];
  verb text;
begin
  if current_user = 'strongroom_owner' and coalesce(current_setting('strongroom.judged', true), '') <> 'yes' then return new; end if;
  if not edited then
    -- Generated columns have no new value yet.
    beside := access.not_edited() || array(select attname::text from pg_catalog.pg_attribute where attrelid = tg_relid and attgenerated <> '');
    edited := to_jsonb(old) - beside <> to_jsonb(new) - beside;
  end if;
  foreach verb in array array_remove(array[case when reassigned then 'reassign' end, case when deleted then 'delete' end,
    case when edited then 'edit' end], null)
  loop
    if not access.allows(tg_table_name, verb, old.territory_id, old.responsible_id, old.second_responsible_id) then
      raise exception 'the level does not allow to % this record', verb
        using errcode = '42501', table = tg_table_name, column = verb;
    end if;
  end loop;
  if reassigned and not access.allows(tg_table_name, 'view', new.territory_id, new.responsible_id, new.second_responsible_id) then
    raise exception 'the record would be out of sight' using errcode = 'SR004';
  end if;
  return new;
end $$;
`;
}

/** Who may do something to a record, by the same rule: for "who sees this and why". */
function whoMay(): string {
  const argument: Record<string, string> = {
    territory_id: "$3",
    responsible_id: "$4",
    second_responsible_id: "$5",
  };
  const ofUser: Record<string, string> = {
    "access.everywhere()": "r.everywhere",
    "access.territories()": "r.territories",
    "access.everyone($1, $2)": "(s.scope = 'all')",
    "access.people($1, $2)":
      "(case s.scope when 'group' then r.colleagues when 'own' then array[u.id] else '{}' end)",
  };
  const body = compiled(
    "$1",
    "$2",
    (name) => argument[name] ?? "null",
    (call) => ofUser[call] ?? "null",
  );
  return `create or replace function access.who_may(module text, verb text, territory integer, responsible integer, second_responsible integer)
  returns table (id integer, full_name text, level integer, level_name jsonb, scope text, everywhere boolean)
  language sql stable security definer set search_path = '' as $$
  select u.id, u.full_name, l.number, l.name, s.scope, r.everywhere
  from access.users u join access.level l on l.number = u.level join access.reach r on r.user_id = u.id
  cross join lateral (select coalesce(l.rights -> $1 ->> $2, 'none') as scope) s
  where access.user_id() is not null and u.active and u.level > 1 and coalesce(${body}, false)
  order by u.full_name, u.id
$$;
`;
}

/** Records that are known to be elsewhere today, where the asker does not see them. */
function outOfSight(): string {
  const body = compiled("$1", "'view'", (name) => `m.${name}`, perStatement);
  return `create or replace function access.out_of_sight(module text) returns setof uuid
  language plpgsql stable security definer set search_path = '' as $$
begin
  if access.user_id() is null then return; end if;
  return query select m.record_id from public.record_move m where m.module = $1 and not coalesce(${body}, false);
end $$;
`;
}

/** In a moment beside the present: what the asker may not see today is not there, wherever it was then. */
export function momentPolicies(modules: readonly string[]): string {
  return modules
    .map(
      (module) => `drop policy if exists today on public.${module};
create policy today on public.${module} as restrictive for select to strongroom_runtime using (
    id not in (select access.out_of_sight('${module}')));
`,
    )
    .join("");
}

/**
 * All that is compiled from the rule for these modules, in a form that can be run again: a new migration holds it
 * whenever it changes, and a test holds that what the migrations add up to is this.
 */
export function policiesMigration(modules: readonly string[]): string {
  return `-- Compiled by bin/compile-policies.mjs from the one rule in src/access; policies.db.test.ts holds the two together.
-- Verbs: ${verbs.join(", ")}.

create or replace function access.not_edited() returns text[] language sql immutable set search_path = '' as $$
  select array['territory_id', 'territory_set', 'responsible_id', 'second_responsible_id', 'deleted_at',
    'version', 'changed_at', 'changed_by', 'created_at', 'created_by'];
$$;

${ruleFunctions()}
${whoMay()}
${outOfSight()}
${modules.map(rowSecurityOf).join("\n")}
revoke execute on function access.allows(text, text, integer, integer, integer), access.check_verbs(), access.not_edited(),
  access.who_may(text, text, integer, integer, integer), access.out_of_sight(text) from public;
grant execute on function access.allows(text, text, integer, integer, integer), access.check_verbs(), access.not_edited(),
  access.who_may(text, text, integer, integer, integer), access.out_of_sight(text) to strongroom_runtime;
`;
}
