-- Search measured at 6,000,000 records: one statement for every shape of rights cost 11 ms of planning a call, and two
-- words were compared record by record for as long as 45 s. Each shape is a statement of its own now, planned once;
-- the beginning of a name is found as it was typed; other combinations of words are looked for among the first
-- few thousand records of the rarest word.

drop index public.search_word_record;
create index search_word_record on public.search_word (record_id, word);

-- A name as one entry besides its words. The space before it keeps it apart from single words.
create function public.name_entry(shown text) returns text language sql immutable set search_path = '' as $$
  select ' ' || btrim(regexp_replace(lower(left(shown, 100)), '[^[:alnum:]]+', ' ', 'g'));
$$;

create or replace function public.keep_words() returns trigger language plpgsql security definer set search_path = '' as $$
declare shown text;
begin
  if tg_op = 'UPDATE' then
    delete from public.search_word where record_id = new.id;
  end if;
  if new.deleted_at is null then
    shown := case tg_table_name
      when 'organisation' then concat_ws(' ', new.name, to_jsonb(new) ->> 'city', to_jsonb(new) ->> 'email')
      when 'person' then concat_ws(' ', new.name, to_jsonb(new) ->> 'email')
      when 'opportunity' then concat_ws(' ', new.name, to_jsonb(new) ->> 'reference')
      else new.name end;
    insert into public.search_word
      select new.id, tg_table_name, w, new.territory_id, new.responsible_id, new.second_responsible_id
      from unnest(public.words_of(shown) || public.name_entry(new.name)) w;
  end if;
  return null;
end $$;

do $$
declare m text;
begin
  foreach m in array array['organisation', 'person', 'product', 'opportunity', 'activity'] loop
    execute format('insert into public.search_word select r.id, %L, public.name_entry(r.name collate "default"), r.territory_id, r.responsible_id,
      r.second_responsible_id from public.%I r where r.deleted_at is null', m, m);
  end loop;
end $$;

drop function public.search(text[], text[], integer);
drop function public.has_words(uuid, text[]);

-- Entries of one module that begin with `lead` and whose records have a word for each of `rest`, in order.
-- A null list stands for no limit. With words in `rest`, `tries` entries of each lane are looked at.
-- The order of the index must be followed whatever the planner believes of a word it does not know yet.
create function public.search_lane(of_module text, lead text, rest text[], territories integer[], people integer[], tries integer, max integer)
  returns table (record_id uuid, word text) language plpgsql stable security definer set search_path = ''
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare past constant text := lead || chr(1114111);
begin
  if people is not null then
    return query select found.record_id, found.word from (
        select one.* from unnest(people) p cross join lateral (
          select s.record_id, s.word from public.search_word s where s.responsible_id = p and s.module = of_module
            and s.word >= lead and s.word < past and (territories is null or s.territory_id = any (territories))
          order by s.word, s.record_id limit tries) one
        union all
        select other.* from unnest(people) p cross join lateral (
          select s.record_id, s.word from public.search_word s where s.second_responsible_id = p and s.module = of_module
            and s.word >= lead and s.word < past and (territories is null or s.territory_id = any (territories))
          order by s.word, s.record_id limit tries) other) found
      where not exists (select from unnest(rest) w where not exists (
        select from public.search_word o where o.record_id = found.record_id and o.word >= w and o.word < w || chr(1114111)))
      limit max;
  elsif territories is not null then
    return query select found.record_id, found.word from (
        select one.* from unnest(territories) t cross join lateral (
          select s.record_id, s.word from public.search_word s where s.territory_id = t and s.module = of_module
            and s.word >= lead and s.word < past
          order by s.word, s.record_id limit tries) one) found
      where not exists (select from unnest(rest) w where not exists (
        select from public.search_word o where o.record_id = found.record_id and o.word >= w and o.word < w || chr(1114111)))
      limit max;
  else
    return query select found.record_id, found.word from (
        select s.record_id, s.word from public.search_word s where s.module = of_module and s.word >= lead and s.word < past
        order by s.word, s.record_id limit tries) found
      where not exists (select from unnest(rest) w where not exists (
        select from public.search_word o where o.record_id = found.record_id and o.word >= w and o.word < w || chr(1114111)))
      limit max;
  end if;
end $$;

-- How many entries of a module begin with the word, counted up to a limit.
create function public.entries_with(of_module text, lead text, max integer) returns bigint
  language plpgsql stable security definer set search_path = ''
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  return (select count(*) from (select from public.search_word s
    where s.module = of_module and s.word >= lead and s.word < lead || chr(1114111) limit max) counted);
end $$;

-- Records with a word that begins with each of the given ones, best first, `max` per module at most.
create function public.search(words text[], wanted text[], max integer) returns table (module text, record_id uuid)
  language plpgsql stable security definer set search_path = '' as $$
declare
  reach access.reach;
  in_territories integer[];
  of_people integer[];
  m text;
  lead text;
  found uuid[];
  -- Records with several entries that begin alike take several places in a lane.
  places constant integer := max * 4;
  tries constant integer := 3000;
begin
  select r.* into reach from access.entered e join access.reach r on r.user_id = e.user_id;
  if reach.user_id is null then return; end if;
  in_territories := case when reach.everywhere then null else reach.territories end;
  foreach m in array wanted loop
    case access.scope(m, 'view')
      when 'all' then of_people := null;
      when 'none' then continue;
      else of_people := access.people(m, 'view');
    end case;
    lead := case when cardinality(words) = 1 then words[1] else ' ' || array_to_string(words, ' ') end;
    found := array(select l.record_id from public.search_lane(m, lead, '{}', in_territories, of_people, places, 1000000) l
      group by l.record_id order by min(l.word), l.record_id limit max);
    if cardinality(words) > 1 and cardinality(found) < max then
      lead := (select w from unnest(words) w order by public.entries_with(m, w, tries + 1), length(w) desc limit 1);
      found := found || array(select l.record_id
        from public.search_lane(m, lead, array_remove(words, lead), in_territories, of_people, tries, places) l
        where l.record_id <> all (found) group by l.record_id order by min(l.word), l.record_id limit max - cardinality(found));
    end if;
    return query select m, id from unnest(found) id;
  end loop;
end $$;

revoke execute on function public.name_entry(text), public.entries_with(text, text, integer), public.search(text[], text[], integer),
  public.search_lane(text, text, text[], integer[], integer[], integer, integer) from public;
grant execute on function public.search(text[], text[], integer) to strongroom_runtime;
