-- Many rows at once: what was done once per row on insert is done once per statement where it can be.

-- The words of new records, all of a statement's together.
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
    execute format($f$create function public.add_words_of_%1$s() returns trigger language plpgsql security definer set search_path = '' as $body$
begin
  insert into public.search_word
    select r.id, %1$L, w.word, r.territory_id, r.responsible_id, r.second_responsible_id
    from added r cross join lateral (
      select distinct word from pg_catalog.regexp_split_to_table(lower(left(%2$s, 1000)), '[^[:alnum:]]+') word where word <> ''
      union all select public.name_entry(r.name)) w
    where r.deleted_at is null;
  return null;
end $body$$f$, m, shown);
    execute format('revoke execute on function public.add_words_of_%1$s() from public', m);
    execute format('drop trigger words_added on public.%I', m);
    execute format('create trigger words_added after insert on public.%1$I referencing new table as added
      for each statement execute function public.add_words_of_%1$s()', m);
  end loop;
end $do$;

-- Who made a record and when: the trigger fills it in row by row, or whoever inserts many says it himself and is
-- held to it. So the makers are always whoever asks, whom his session vouches for, and need no check of their own.
do $$
declare m text;
begin
  foreach m in array array['organisation', 'person', 'product', 'opportunity', 'activity'] loop
    execute format('drop trigger b_stamp on public.%I', m);
    execute format('create trigger b_stamp before update on public.%I for each row execute function public.stamp_record()', m);
    execute format('create trigger b_stamp_new before insert on public.%I for each row when (new.created_by is null)
      execute function public.stamp_record()', m);
    execute format('create policy stamped on public.%I as restrictive for insert to strongroom_runtime with check (
      created_by = (select access.user_id()) and changed_by = created_by and version = 1 and created_at = now() and changed_at = created_at)', m);
    execute format('alter table public.%1$I drop constraint %1$s_created_by_fkey, drop constraint %1$s_changed_by_fkey', m);
  end loop;
end $$;
