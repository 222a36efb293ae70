-- Whoever administers users gives and takes within his own limits, in plain SQL as in the program; and the tenant's
-- login role holds no right on a whole table by which it could lock it.

-- Groups give sight of what their members are responsible for: they are kept by who is in them, or reaches all members.
create function access.may_keep_group(which integer) returns boolean language plpgsql stable security definer set search_path = '' as $$
begin
  return access.permits('users') and (access.everywhere()
    or exists (select from access.user_group g where g.group_id = which and g.user_id = access.user_id())
    or not exists (select from access.user_group g where g.group_id = which and not access.may_administer(g.user_id)));
end $$;

-- Puts users into territories and groups, all at once: [{"user", "territories", "groups"}], where null leaves as it is.
-- One who was made in this very transaction is still in no place.
create function access.place_users(places jsonb) returns void language plpgsql security definer set search_path = '' as $$
declare
  unlimited boolean := access.everywhere();
  within integer[] := access.territories();
  p record;
begin
  for p in select * from jsonb_to_recordset(places) r("user" integer, territories integer[], groups integer[]) loop
    if not access.may_administer(p.user) and not (access.permits('users')
      and exists (select from access.users u where u.id = p.user and u.created_at = now())) then
      raise exception 'may not place this user' using errcode = 'SR004', column = 'territories';
    end if;
    if p.territories is not null and not unlimited and (p.territories = '{}' or not p.territories <@ within) then
      raise exception 'beyond his own territories' using errcode = 'SR004', column = 'territories';
    end if;
    if exists (select from (select unnest(p.groups) as id except select g.group_id from access.user_group g where g.user_id = p.user
        union select g.group_id from access.user_group g where g.user_id = p.user and g.group_id <> all (p.groups)) changed
      where not access.may_keep_group(changed.id)) then
      raise exception 'a group beyond his own reach' using errcode = 'SR004', column = 'groups';
    end if;
  end loop;
  delete from access.user_territory t using jsonb_to_recordset(places) r("user" integer, territories integer[])
    where t.user_id = r."user" and t.territory_id <> all (r.territories);
  insert into access.user_territory select r."user", t from jsonb_to_recordset(places) r("user" integer, territories integer[]), unnest(r.territories) t
    on conflict do nothing;
  delete from access.user_group g using jsonb_to_recordset(places) r("user" integer, groups integer[])
    where g.user_id = r."user" and g.group_id <> all (r.groups);
  insert into access.user_group select r."user", g from jsonb_to_recordset(places) r("user" integer, groups integer[]), unnest(r.groups) g
    on conflict do nothing;
end $$;

create or replace function access.grants_within_own() returns trigger language plpgsql set search_path = '' as $$
begin
  if pg_has_role(current_user, 'strongroom_owner', 'member') then return new; end if;
  if tg_op = 'UPDATE' and not access.may_administer(old.id) then
    raise exception 'touches who holds more' using errcode = 'SR004', column = 'level';
  end if;
  if not exists (select from access.users u where u.id = access.user_id() and u.level >= new.level) then
    raise exception 'grants more than he holds' using errcode = 'SR004', column = 'level';
  end if;
  return new;
end $$;
drop trigger grants_within_own on access.users;
create trigger grants_within_own before insert or update on access.users for each row execute function access.grants_within_own();

-- A user without territories sees all, so whoever is limited leaves none without.
create function access.limited_within_own() returns trigger language plpgsql set search_path = '' as $$
begin
  if pg_has_role(current_user, 'strongroom_owner', 'member') or access.everywhere()
    or exists (select from access.user_territory t where t.user_id = new.id) then
    return null;
  end if;
  raise exception 'a user limited to nothing' using errcode = 'SR004', column = 'territories';
end $$;
create constraint trigger limited_within_own after insert on access.users deferrable initially deferred
  for each row execute function access.limited_within_own();

create function access.group_within_own() returns trigger language plpgsql set search_path = '' as $$
begin
  if pg_has_role(current_user, 'strongroom_owner', 'member') or access.may_keep_group(old.id) then return new; end if;
  raise exception 'a group beyond his own reach' using errcode = 'SR004';
end $$;
create trigger group_within_own before update on access.groups for each row execute function access.group_within_own();

-- The files of imports that were left lying, and of one that is records now.
create function public.forget_imports(keep integer) returns void language sql security definer set search_path = '' as $$
  delete from public.import where user_id = access.user_id() and state in ('mapping', 'failed') and id in (
    select id from public.import where user_id = access.user_id() and state in ('mapping', 'failed')
    order by created_at desc, id offset greatest(keep, 0));
$$;
create function public.drop_import_file(which uuid) returns void language sql security definer set search_path = '' as $$
  delete from public.import_file f using public.import i where i.id = which and i.user_id = access.user_id() and f.import_id = i.id;
$$;

-- A right on every column is no right on the table, which would be one to lock it against everybody. A migration that
-- adds a column calls this again.
create function access.grant_columns() returns void language plpgsql set search_path = '' as $$
declare
  t text;
  written text;
begin
  foreach t in array array['public.organisation', 'public.person', 'public.product', 'public.opportunity', 'public.activity',
    'public.saved_view', 'public.idempotency', 'public.import', 'public.import_memory', 'public.take_back', 'public.take_back_record'] loop
    select string_agg(quote_ident(a.attname), ', ') into written from pg_catalog.pg_attribute a
      where a.attrelid = t::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = '';
    execute format('revoke update, delete on %s from strongroom_runtime', t);
    execute format('grant update (%s) on %s to strongroom_runtime', written, t);
  end loop;
end $$;
select access.grant_columns();
revoke update, delete on public.import_file, public.import_report from strongroom_runtime;
revoke insert, update, delete on access.user_territory, access.user_group from strongroom_runtime;
revoke update, delete on access.territory, access.groups from strongroom_runtime;
revoke insert on access.territory, access.groups from strongroom_runtime;
grant insert (name, parent_id), update (name, parent_id) on access.territory to strongroom_runtime;
grant insert (name), update (name) on access.groups to strongroom_runtime;
drop policy kept on access.user_territory;
drop policy kept on access.user_group;

-- One at a time, by a name: held until the transaction ends. So many only, since what is held takes the server's memory.
create function access.hold(name text, wait boolean) returns boolean language plpgsql security definer set search_path = '' as $$
begin
  if access.user_id() is null then return false; end if;
  if (select count(*) from pg_catalog.pg_locks l where l.pid = pg_backend_pid() and l.locktype = 'advisory') >= 32 then
    raise exception 'holds too much' using errcode = '53400';
  end if;
  if not wait then return pg_catalog.pg_try_advisory_xact_lock(hashtextextended(name, 0)); end if;
  perform pg_catalog.pg_advisory_xact_lock(hashtextextended(name, 0));
  return true;
end $$;

revoke execute on function access.may_keep_group(integer), access.place_users(jsonb), public.forget_imports(integer),
  public.drop_import_file(uuid), access.grant_columns(), access.hold(text, boolean), access.limited_within_own(),
  access.group_within_own() from public;
grant execute on function access.may_keep_group(integer), access.place_users(jsonb), public.forget_imports(integer),
  public.drop_import_file(uuid), access.hold(text, boolean) to strongroom_runtime;
