-- The words of a large import are added after it is done, in small transactions: they cost three times what its
-- records cost, and would keep everybody's search waiting for one long statement after another. Until then a record
-- is in every list and count, and search finds it as soon as its words are there.

alter table public.import add column words_from uuid;
comment on column public.import.words_from is 'records after this one still lack their words; null when none do';

do $do$
declare
  m text;
  shown text;
begin
  foreach m in array array['organisation', 'person', 'product', 'opportunity', 'activity'] loop
    shown := case m
      when 'organisation' then 'concat_ws('' '', r.name, r.city, r.email)'
      when 'person' then 'concat_ws('' '', r.name, r.email)'
      when 'opportunity' then 'concat_ws('' '', r.name, r.reference)'
      else 'r.name' end;
    execute format($f$create or replace function public.add_words_of_%1$s() returns trigger language plpgsql security definer set search_path = '' as $body$
begin
  if current_setting('strongroom.words_later', true) = 'yes' then return null; end if;
  insert into public.search_word
    select r.id, %1$L, w.word, r.territory_id, r.responsible_id, r.second_responsible_id
    from added r cross join lateral (
      select distinct word from pg_catalog.regexp_split_to_table(lower(left(%2$s, 1000)), '[^[:alnum:]]+') word where word <> ''
      union all select public.name_entry(r.name)) w
    where r.deleted_at is null;
  return null;
end $body$$f$, m, shown);
    -- The next records of an import that have no words yet; somebody may have changed one meanwhile, and so given it some.
    execute format($f$create function public.add_words_of_%1$s(which uuid, after uuid, max integer) returns uuid
  language plpgsql security definer set search_path = '' as $body$
declare last uuid;
begin
  with next as (select r.* from public.%1$I r where r.import_id = which and r.id > after order by r.id limit max),
  added as (
    insert into public.search_word
      select r.id, %1$L, w.word, r.territory_id, r.responsible_id, r.second_responsible_id
      from next r cross join lateral (
        select distinct word from pg_catalog.regexp_split_to_table(lower(left(%2$s, 1000)), '[^[:alnum:]]+') word where word <> ''
        union all select public.name_entry(r.name)) w
      where r.deleted_at is null and not exists (select from public.search_word o where o.record_id = r.id)
      order by w.word)
  select id into last from next order by id desc limit 1;
  return last;
end $body$$f$, m, shown);
    execute format('revoke execute on function public.add_words_of_%1$s(uuid, uuid, integer) from public', m);
  end loop;
end $do$;

-- Adds the words of the import's next records; false when all have theirs.
create function public.add_words_of_import(which uuid, max integer) returns boolean language plpgsql security definer set search_path = '' as $$
declare
  i public.import;
  last uuid;
begin
  select * into i from public.import where id = which and words_from is not null for update;
  if i.id is null then return false; end if;
  execute format('select public.add_words_of_%s($1, $2, $3)', i.module) into last using which, i.words_from, max;
  update public.import set words_from = last where id = which;
  return last is not null;
end $$;
revoke execute on function public.add_words_of_import(uuid, integer) from public;
grant execute on function public.add_words_of_import(uuid, integer) to strongroom_runtime;
