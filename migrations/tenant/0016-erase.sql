-- Erasing for good: the record, its words and every value of it that the log holds. What stays is that it was there,
-- who did what to it and when, and who erased it. The list of what was erased is asked by every restore to an earlier
-- moment, which would bring it back.

create table public.erasure (
  record_id uuid primary key,
  module text not null,
  erased_at timestamptz not null default now(),
  erased_by integer
);
alter table public.erasure enable row level security;
alter table public.erasure force row level security;
create policy owner on public.erasure to strongroom_owner using (true);
-- Answers to requests that were sent twice hold records too.
create policy owner on public.idempotency to strongroom_owner using (true);

-- Erases one record; false when others must hang on it, and then only its values are gone. What merely refers to it
-- loses the reference and stays in the territory it has.
create function public.erase_values(of_module text, which uuid) returns boolean
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
  return not held;
end $$;

-- For who may delete every record of the module and administers users; only from the bin.
create function public.erase_record(of_module text, which uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare allowed boolean := access.permits('users') and access.everyone(of_module, 'delete');
begin
  if allowed then
    execute format('select access.allows($1, ''view'', r.territory_id, r.responsible_id, r.second_responsible_id)
        and access.allows($1, ''delete'', r.territory_id, r.responsible_id, r.second_responsible_id)
      from public.%I r where r.id = $2 and r.deleted_at is not null for update', of_module) into allowed using of_module, which;
  end if;
  if allowed is not true then raise exception 'may not erase this record' using errcode = '42501'; end if;
  if not public.erase_values(of_module, which) then
    raise exception 'other records hang on this one' using errcode = 'SR002';
  end if;
  insert into public.erasure (record_id, module, erased_by) values (which, of_module, access.user_id());
end $$;

-- What was erased in another database of this tenant, erased here too; whether there was anything left of it.
create function public.erase_again(of_module text, which uuid, at timestamptz, by integer) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare there boolean;
begin
  if exists (select from public.erasure e where e.record_id = which) then return false; end if;
  execute format('select exists (select from public.%I where id = $1)', of_module) into there using which;
  perform public.erase_values(of_module, which);
  insert into public.erasure values (which, of_module, at, by);
  return there;
end $$;

revoke execute on function public.erase_values(text, uuid), public.erase_record(text, uuid),
  public.erase_again(text, uuid, timestamptz, integer) from public;
grant execute on function public.erase_record(text, uuid) to strongroom_runtime;
