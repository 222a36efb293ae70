-- A change writes what is different and no more: an entry of the search stands in five indexes, and a record whose
-- page has room for its next version needs no new entry in any of its own.

create or replace function public.keep_words() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  shown text;
  entries text[] := '{}';
begin
  if new.deleted_at is null then
    shown := case tg_table_name
      when 'organisation' then concat_ws(' ', new.name, to_jsonb(new) ->> 'city', to_jsonb(new) ->> 'email')
      when 'person' then concat_ws(' ', new.name, to_jsonb(new) ->> 'email')
      when 'opportunity' then concat_ws(' ', new.name, to_jsonb(new) ->> 'reference')
      else new.name end;
    entries := public.words_of(shown) || public.name_entry(new.name);
  end if;
  delete from public.search_word s where s.record_id = new.id and (s.word <> all (entries)
    or (s.territory_id, s.responsible_id, s.second_responsible_id)
      is distinct from (new.territory_id, new.responsible_id, new.second_responsible_id));
  insert into public.search_word
    select new.id, tg_table_name, w, new.territory_id, new.responsible_id, new.second_responsible_id
    from unnest(entries) w where not exists (select from public.search_word s where s.record_id = new.id and s.word = w);
  return null;
end $$;

do $$
declare m text;
begin
  foreach m in array array['organisation', 'person', 'product', 'opportunity', 'activity'] loop
    execute format('alter table public.%I set (fillfactor = 90)', m);
  end loop;
end $$;
