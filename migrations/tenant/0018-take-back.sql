-- Moments beside the present, and taking back from them.

-- How much was erased for good: a moment in which less is erased is not shown until it is.
create function public.erased_count() returns bigint language sql stable security definer set search_path = '' as $$
  select count(*) from public.erasure;
$$;

-- Which of these records are not there at all, for who has a view of the module: what is merely out of his sight was
-- not deleted.
create function public.absent(of_module text, ids uuid[]) returns setof uuid
  language plpgsql stable security definer set search_path = '' as $$
begin
  if access.scope(of_module, 'view') = 'none' then return; end if;
  return query execute format('select i from unnest($1) i where not exists (select from public.%I r where r.id = i)', of_module) using ids;
end $$;

revoke execute on function public.erased_count(), public.absent(text, uuid[]) from public;
grant execute on function public.erased_count(), public.absent(text, uuid[]) to strongroom_runtime;

-- What was taken back from which moment, record by record, so that it can be undone.
create table public.take_back (
  id uuid primary key,
  user_id integer not null references access.users,
  moment_id uuid not null,
  moment_at timestamptz not null,
  -- The module whose deleted records are all wanted; null when they were chosen one by one.
  module text,
  state text not null check (state in ('waiting', 'running', 'done', 'failed', 'undoing', 'undone')),
  wanted integer not null default 0,
  done integer not null default 0,
  taken integer not null default 0,
  refused integer not null default 0,
  undone integer not null default 0,
  error text,
  created_at timestamptz not null default now()
);
create index take_back_of_user on public.take_back (user_id, created_at);

create table public.take_back_record (
  take_back_id uuid not null references public.take_back on delete cascade,
  seq integer not null,
  module text not null,
  record_id uuid not null,
  name text not null,
  -- Why it was not taken; then there is nothing to undo.
  reason text,
  field text,
  -- The columns that were set, before (null for one that was not there at all) and after.
  before jsonb,
  after jsonb,
  version_after integer,
  undone_at timestamptz,
  -- Why it was not put back as it was.
  kept_because text,
  primary key (take_back_id, seq)
);
create index take_back_of_record on public.take_back_record (record_id);

do $$
declare
  t text;
  own text;
begin
  foreach t in array array['take_back', 'take_back_record'] loop
    own := case t when 'take_back' then 'user_id = (select access.user_id())'
      else 'exists (select from public.take_back b where b.id = take_back_id)' end;
    execute format('alter table public.%I enable row level security', t);
    execute format('alter table public.%I force row level security', t);
    execute format('create policy owner on public.%I to strongroom_owner using (true)', t);
    execute format('create policy own on public.%I to strongroom_runtime using (%s) with check (%s)', t, own, own);
    execute format('grant select, insert, update on public.%I to strongroom_runtime', t);
  end loop;
end $$;

-- How far a job is, told while its one transaction is still open, and why it stopped.
create function public.take_back_started(which uuid) returns void language sql security definer set search_path = '' as $$
  update public.take_back set state = case state when 'waiting' then 'running' else state end, done = 0, error = null
  where id = which and state in ('waiting', 'running', 'undoing');
$$;
create function public.take_back_progress(which uuid, records_done integer, records_wanted integer) returns void
  language sql security definer set search_path = '' as $$
  update public.take_back set done = records_done, wanted = records_wanted where id = which and state in ('running', 'undoing');
$$;
create function public.take_back_stopped(which uuid, reason text) returns void language sql security definer set search_path = '' as $$
  update public.take_back set state = case state when 'undoing' then 'done' else 'failed' end, error = left(reason, 500)
  where id = which and state in ('waiting', 'running', 'undoing');
$$;
revoke execute on function public.take_back_started(uuid), public.take_back_progress(uuid, integer, integer),
  public.take_back_stopped(uuid, text) from public;
grant execute on function public.take_back_started(uuid), public.take_back_progress(uuid, integer, integer),
  public.take_back_stopped(uuid, text) to strongroom_runtime;

-- Erasing takes what was journalled of a record too.
create or replace function public.erase_values(of_module text, which uuid) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  link record;
  held boolean := false;
  hangs boolean;
  blank text;
begin
  for link in
    select c.conrelid::regclass as referring, a.attname as field, a.attnotnull as needed
    from pg_catalog.pg_constraint c join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and c.confrelid = format('public.%I', of_module)::regclass
  loop
    if link.needed then
      execute format('select exists (select from %s where %I = $1)', link.referring, link.field) into hangs using which;
      held := held or hangs;
    else
      execute format('update %s set %I = null %s where %2$I = $1', link.referring, link.field,
        case link.field when 'organisation_id' then ', territory_set = true'
          when 'person_id' then ', territory_set = territory_set or organisation_id is null' else '' end) using which;
    end if;
  end loop;
  execute format('update public.import i set columns = coalesce((select jsonb_agg(c || ''{"samples": []}'') from jsonb_array_elements(i.columns) c), ''[]'')
    from public.%I r where r.id = $1 and i.id = r.import_id', of_module) using which;
  update public.audit set detail = '{"changes": [], "erased": true}' where record_id = which and detail is not null;
  delete from public.idempotency where result ->> 'id' = which::text;
  if held then
    select string_agg(format('%I = null', a.attname), ', ') into blank from pg_catalog.pg_attribute a
      where a.attrelid = format('public.%I', of_module)::regclass and a.attnum > 0 and not a.attisdropped and not a.attnotnull
        and a.attgenerated = '' and a.attname not in ('responsible_id', 'second_responsible_id', 'created_by', 'changed_by', 'deleted_at', 'import_id');
    execute format('update public.%I set name = ''–'', deleted_at = coalesce(deleted_at, now()), %s where id = $1', of_module, blank) using which;
  else
    execute format('delete from public.%I where id = $1', of_module) using which;
  end if;
  delete from public.search_word where record_id = which;
  delete from public.take_back_record where record_id = which;
  return not held;
end $$;
