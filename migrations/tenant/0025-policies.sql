-- Compiled by bin/compile-policies.mjs from the one rule in src/access; policies.db.test.ts holds the two together.
-- Verbs: view, create, edit, delete, export, reassign.

create or replace function access.not_edited() returns text[] language sql immutable set search_path = '' as $$
  select array['territory_id', 'territory_set', 'responsible_id', 'second_responsible_id', 'deleted_at',
    'version', 'changed_at', 'changed_by', 'created_at', 'created_by'];
$$;

create or replace function access.allows(module text, verb text, territory integer, responsible integer, second_responsible integer)
  returns boolean language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce((access.everywhere() or $3 = any (access.territories()::integer[]))
    and (access.everyone($1, $2) or $4 = any (access.people($1, $2)::integer[]) or $5 = any (access.people($1, $2)::integer[])), false);
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

create or replace function access.who_may(module text, verb text, territory integer, responsible integer, second_responsible integer)
  returns table (id integer, full_name text, level integer, level_name jsonb, scope text, everywhere boolean)
  language sql stable security definer set search_path = '' as $$
  select u.id, u.full_name, l.number, l.name, s.scope, r.everywhere
  from access.users u join access.level l on l.number = u.level join access.reach r on r.user_id = u.id
  cross join lateral (select coalesce(l.rights -> $1 ->> $2, 'none') as scope) s
  where access.user_id() is not null and u.active and u.level > 1 and coalesce((r.everywhere or $3 = any (r.territories::integer[]))
    and ((s.scope = 'all') or $4 = any ((case s.scope when 'group' then r.colleagues when 'own' then array[u.id] else '{}' end)::integer[]) or $5 = any ((case s.scope when 'group' then r.colleagues when 'own' then array[u.id] else '{}' end)::integer[])), false)
  order by u.full_name, u.id
$$;

create or replace function access.out_of_sight(module text) returns setof uuid
  language plpgsql stable security definer set search_path = '' as $$
begin
  if access.user_id() is null then return; end if;
  return query select m.record_id from public.record_move m where m.module = $1 and not coalesce(((select access.everywhere()) or m.territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone($1, 'view')) or m.responsible_id = any ((select access.people($1, 'view'))::integer[]) or m.second_responsible_id = any ((select access.people($1, 'view'))::integer[])), false);
end $$;

alter table public.organisation enable row level security;
alter table public.organisation force row level security;
drop policy if exists owner on public.organisation;
create policy owner on public.organisation to strongroom_owner using (true);
drop policy if exists viewed on public.organisation;
create policy viewed on public.organisation for select to strongroom_runtime using (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('organisation', 'view')) or responsible_id = any ((select access.people('organisation', 'view'))::integer[]) or second_responsible_id = any ((select access.people('organisation', 'view'))::integer[])));
drop policy if exists created on public.organisation;
create policy created on public.organisation for insert to strongroom_runtime with check (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('organisation', 'create')) or responsible_id = any ((select access.people('organisation', 'create'))::integer[]) or second_responsible_id = any ((select access.people('organisation', 'create'))::integer[])));
drop policy if exists changed on public.organisation;
create policy changed on public.organisation for update to strongroom_runtime using (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('organisation', 'view')) or responsible_id = any ((select access.people('organisation', 'view'))::integer[]) or second_responsible_id = any ((select access.people('organisation', 'view'))::integer[])));
drop trigger if exists a_verbs on public.organisation;
drop trigger if exists d_verbs on public.organisation;
create trigger d_verbs before update on public.organisation for each row execute function access.check_verbs();

alter table public.person enable row level security;
alter table public.person force row level security;
drop policy if exists owner on public.person;
create policy owner on public.person to strongroom_owner using (true);
drop policy if exists viewed on public.person;
create policy viewed on public.person for select to strongroom_runtime using (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('person', 'view')) or responsible_id = any ((select access.people('person', 'view'))::integer[]) or second_responsible_id = any ((select access.people('person', 'view'))::integer[])));
drop policy if exists created on public.person;
create policy created on public.person for insert to strongroom_runtime with check (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('person', 'create')) or responsible_id = any ((select access.people('person', 'create'))::integer[]) or second_responsible_id = any ((select access.people('person', 'create'))::integer[])));
drop policy if exists changed on public.person;
create policy changed on public.person for update to strongroom_runtime using (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('person', 'view')) or responsible_id = any ((select access.people('person', 'view'))::integer[]) or second_responsible_id = any ((select access.people('person', 'view'))::integer[])));
drop trigger if exists a_verbs on public.person;
drop trigger if exists d_verbs on public.person;
create trigger d_verbs before update on public.person for each row execute function access.check_verbs();

alter table public.opportunity enable row level security;
alter table public.opportunity force row level security;
drop policy if exists owner on public.opportunity;
create policy owner on public.opportunity to strongroom_owner using (true);
drop policy if exists viewed on public.opportunity;
create policy viewed on public.opportunity for select to strongroom_runtime using (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('opportunity', 'view')) or responsible_id = any ((select access.people('opportunity', 'view'))::integer[]) or second_responsible_id = any ((select access.people('opportunity', 'view'))::integer[])));
drop policy if exists created on public.opportunity;
create policy created on public.opportunity for insert to strongroom_runtime with check (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('opportunity', 'create')) or responsible_id = any ((select access.people('opportunity', 'create'))::integer[]) or second_responsible_id = any ((select access.people('opportunity', 'create'))::integer[])));
drop policy if exists changed on public.opportunity;
create policy changed on public.opportunity for update to strongroom_runtime using (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('opportunity', 'view')) or responsible_id = any ((select access.people('opportunity', 'view'))::integer[]) or second_responsible_id = any ((select access.people('opportunity', 'view'))::integer[])));
drop trigger if exists a_verbs on public.opportunity;
drop trigger if exists d_verbs on public.opportunity;
create trigger d_verbs before update on public.opportunity for each row execute function access.check_verbs();

alter table public.activity enable row level security;
alter table public.activity force row level security;
drop policy if exists owner on public.activity;
create policy owner on public.activity to strongroom_owner using (true);
drop policy if exists viewed on public.activity;
create policy viewed on public.activity for select to strongroom_runtime using (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('activity', 'view')) or responsible_id = any ((select access.people('activity', 'view'))::integer[]) or second_responsible_id = any ((select access.people('activity', 'view'))::integer[])));
drop policy if exists created on public.activity;
create policy created on public.activity for insert to strongroom_runtime with check (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('activity', 'create')) or responsible_id = any ((select access.people('activity', 'create'))::integer[]) or second_responsible_id = any ((select access.people('activity', 'create'))::integer[])));
drop policy if exists changed on public.activity;
create policy changed on public.activity for update to strongroom_runtime using (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('activity', 'view')) or responsible_id = any ((select access.people('activity', 'view'))::integer[]) or second_responsible_id = any ((select access.people('activity', 'view'))::integer[])));
drop trigger if exists a_verbs on public.activity;
drop trigger if exists d_verbs on public.activity;
create trigger d_verbs before update on public.activity for each row execute function access.check_verbs();

alter table public.product enable row level security;
alter table public.product force row level security;
drop policy if exists owner on public.product;
create policy owner on public.product to strongroom_owner using (true);
drop policy if exists viewed on public.product;
create policy viewed on public.product for select to strongroom_runtime using (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('product', 'view')) or responsible_id = any ((select access.people('product', 'view'))::integer[]) or second_responsible_id = any ((select access.people('product', 'view'))::integer[])));
drop policy if exists created on public.product;
create policy created on public.product for insert to strongroom_runtime with check (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('product', 'create')) or responsible_id = any ((select access.people('product', 'create'))::integer[]) or second_responsible_id = any ((select access.people('product', 'create'))::integer[])));
drop policy if exists changed on public.product;
create policy changed on public.product for update to strongroom_runtime using (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
    and ((select access.everyone('product', 'view')) or responsible_id = any ((select access.people('product', 'view'))::integer[]) or second_responsible_id = any ((select access.people('product', 'view'))::integer[])));
drop trigger if exists a_verbs on public.product;
drop trigger if exists d_verbs on public.product;
create trigger d_verbs before update on public.product for each row execute function access.check_verbs();

revoke execute on function access.allows(text, text, integer, integer, integer), access.check_verbs(), access.not_edited(),
  access.who_may(text, text, integer, integer, integer), access.out_of_sight(text) from public;
grant execute on function access.allows(text, text, integer, integer, integer), access.check_verbs(), access.not_edited(),
  access.who_may(text, text, integer, integer, integer), access.out_of_sight(text) to strongroom_runtime;
