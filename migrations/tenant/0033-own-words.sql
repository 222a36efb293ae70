-- What is decided from what is committed is asked of what is committed, and what somebody writes of himself becomes
-- neither a statement of the owner's nor an obstacle to others.

-- Whoever keeps a transaction open is nobody in it once his session has ended by time. And nobody changes anything in a
-- snapshot: it would show him rights that were taken since, and another last administrator.
create or replace view access.entered as
  select s.id as session_id, s.kind, s.last_seen_at, s.user_id, u.name, u.full_name, u.language, u.level
  from access.session s join access.users u on u.id = s.user_id
  where s.token_hash = sha256(convert_to(current_setting('strongroom.token', true), 'UTF8')) and not s.first
    and s.ended_at is null and statement_timestamp() < s.ends_at and statement_timestamp() < s.idle_until and u.active and u.level > 1
    and (current_setting('transaction_isolation') = 'read committed' or current_setting('transaction_read_only') = 'on');

-- The module is what its owner wrote there.
create or replace function public.add_words_of_import(asked text, proof bytea) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  a jsonb := access.proven('public.add_words_of_import', asked, proof);
  i public.import;
  last uuid;
begin
  select * into i from public.import where id = (a ->> 'id')::uuid and words_from is not null for update;
  if to_regprocedure(format('public.%I(uuid, uuid, integer)', 'add_words_of_' || i.module)) is null then return false; end if;
  execute format('select public.%I($1, $2, $3)', 'add_words_of_' || i.module) into last using i.id, i.words_from, (a ->> 'records')::integer;
  update public.import set words_from = last where id = i.id;
  return last is not null;
end $$;

-- Erasing a record looks through the columns of the import it came with.
update public.import set columns = '[]' where jsonb_typeof(columns) <> 'array';
alter table public.import add constraint columns_are_a_list check (jsonb_typeof(columns) = 'array');

-- What stands at the top of the tree, or below "no territory", lies within nobody's own.
create or replace function access.tree_within_own() returns trigger language plpgsql set search_path = '' as $$
begin
  if current_user = 'strongroom_owner' or access.everywhere()
    or (tg_op = 'INSERT' and new.parent_id <> 0 and new.parent_id = any (access.territories())) then
    return coalesce(new, old);
  end if;
  raise exception 'a tree beyond his own territories' using errcode = 'SR004', column = 'parent';
end $$;

-- A name is its user's own, in a space of numbers of its own: nobody holds up another by it, nor what the database does.
create or replace function access.hold(name text, wait boolean) returns boolean language plpgsql security definer set search_path = '' as $$
declare
  who integer := access.user_id();
  number integer := hashtext(who || ' ' || name);
begin
  if who is null then return false; end if;
  if (select count(*) from pg_catalog.pg_locks l where l.pid = pg_backend_pid() and l.locktype = 'advisory') >= 32 then
    raise exception 'holds too much' using errcode = '53400';
  end if;
  if not wait then return pg_catalog.pg_try_advisory_xact_lock(7304, number); end if;
  perform pg_catalog.pg_advisory_xact_lock(7304, number);
  return true;
end $$;

-- A version counts every change of a user: whoever sets it to the last number there is would be changed by nobody any more.
create or replace function access.grants_within_own() returns trigger language plpgsql set search_path = '' as $$
begin
  if pg_has_role(current_user, 'strongroom_owner', 'member') then return new; end if;
  if tg_op = 'UPDATE' and not access.may_administer(old.id) then
    raise exception 'touches who holds more' using errcode = 'SR004', column = 'level';
  end if;
  if not exists (select from access.users u where u.id = access.user_id() and u.level >= new.level) then
    raise exception 'grants more than he holds' using errcode = 'SR004', column = 'level';
  end if;
  if tg_op = 'UPDATE' then new.version := old.version + 1; end if;
  return new;
end $$;
