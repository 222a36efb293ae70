-- One folding of text for everything that is looked for: case, accents, width, composed and decomposed letters, curly
-- apostrophes and hyphens, invisible characters. The names' collation "C" had reached lower() and the word splitter,
-- which then knew only the letters a to z: "Sørensen" and "Café" were found by nothing.
-- å is written aa, as names are spelled both ways; æ is ae, ø is o, ß is ss.

create function public.folded_letters(shown text) returns text language sql immutable parallel safe set search_path = '' as $$
  select translate(
    regexp_replace(normalize(
      replace(replace(replace(replace(replace(lower(normalize(shown, NFKC) collate "default"),
        'å', 'aa'), 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'þ', 'th'), NFKD),
      '[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]+', '', 'g'),
    'øłđðħŧı’‘ʼ′´‐‑‒–—−', 'oldd' || 'hti' || '''''''''''' || '------')
$$;

-- Written so that the planner puts its body in place of the call: most texts are plain and cost one comparison more.
create function public.folded(shown text) returns text language sql immutable parallel safe
  return case when octet_length(shown) = length(shown) then lower(shown collate "C") else public.folded_letters(shown) end;

-- The words of a question or a record, in their order.
create function public.split_words(shown text) returns text[] language sql immutable parallel safe set search_path = '' as $$
  select coalesce(array_agg(w order by place), '{}')
  from regexp_split_to_table(public.folded(shown) collate "default", '[^[:alnum:]]+') with ordinality s(w, place) where w <> '';
$$;

-- What a record is found by: its words, its name as it is typed (the space before it keeps it apart from single
-- words), the words of a name with hyphens, dots or apostrophes also without them, and with a for aa.
create function public.search_entries(name text, shown text) returns text[] language plpgsql immutable parallel safe set search_path = '' as $$
declare
  -- In "C", which names are kept in, no letter beyond z is one.
  other constant text collate "default" := '[^[:alnum:]]+';
  all_of constant text collate "default" := public.folded(left(shown, 1000));
  title constant text collate "default" := public.folded(left(name, 100));
  entries text[] := regexp_split_to_array(all_of, other) || (' ' || btrim(regexp_replace(title, other, ' ', 'g')));
begin
  if title ~ '[-.''/&]' then
    entries := entries || regexp_split_to_array(regexp_replace(title, '[-.''/&]+', '', 'g'), other);
  end if;
  if all_of like '%aa%' then
    entries := entries || regexp_split_to_array(replace(all_of, 'aa', 'a'), other)
      || (' ' || btrim(regexp_replace(replace(title, 'aa', 'a'), other, ' ', 'g')));
  end if;
  return array(select distinct entry from unnest(entries) entry where entry <> '');
end $$;

do $do$
declare
  m text;
  also text[];
  shown text;
  changed text;
begin
  foreach m in array array['organisation', 'person', 'product', 'opportunity', 'activity'] loop
    also := case m when 'organisation' then array['city', 'email'] when 'person' then array['email']
      when 'opportunity' then array['reference'] else '{}' end;
    select 'concat_ws('' '', ' || string_agg('r.' || c, ', ') || ')', string_agg(format('old.%1$s is distinct from new.%1$s', c), ' or ')
      into shown, changed from unnest(array['name'] || also) c;
    execute format($f$create function public.entries_of(r public.%1$I) returns text[] language sql immutable parallel safe
  return public.search_entries(r.name, %2$s)$f$, m, shown);
    execute format($f$create or replace function public.add_words_of_%1$s() returns trigger language plpgsql security definer set search_path = '' as $body$
begin
  if current_setting('strongroom.words_later', true) = 'yes' then return null; end if;
  insert into public.search_word
    select r.id, %1$L, word, r.territory_id, r.responsible_id, r.second_responsible_id
    from added r cross join lateral unnest(public.search_entries(r.name, %2$s)) word
    where r.deleted_at is null;
  return null;
end $body$$f$, m, shown);
    execute format($f$create or replace function public.add_words_of_%1$s(which uuid, after uuid, max integer) returns uuid
  language plpgsql security definer set search_path = '' as $body$
declare last uuid;
begin
  with next as (select r.* from public.%1$I r where r.import_id = which and r.id > after order by r.id limit max),
  added as (
    insert into public.search_word
      select r.id, %1$L, word, r.territory_id, r.responsible_id, r.second_responsible_id
      from next r cross join lateral unnest(public.search_entries(r.name, %2$s)) word
      where r.deleted_at is null and not exists (select from public.search_word o where o.record_id = r.id)
      order by word)
  select id into last from next order by id desc limit 1;
  return last;
end $body$$f$, m, shown);
    execute format($f$create function public.keep_words_of_%1$s() returns trigger language plpgsql security definer set search_path = '' as $body$
declare entries text[] := '{}';
begin
  if new.deleted_at is null then entries := public.entries_of(new); end if;
  delete from public.search_word s where s.record_id = new.id and (s.word <> all (entries)
    or (s.territory_id, s.responsible_id, s.second_responsible_id)
      is distinct from (new.territory_id, new.responsible_id, new.second_responsible_id));
  insert into public.search_word
    select new.id, tg_table_name, w, new.territory_id, new.responsible_id, new.second_responsible_id
    from unnest(entries) w where not exists (select from public.search_word s where s.record_id = new.id and s.word = w);
  return null;
end $body$$f$, m);
    execute format('revoke execute on function public.keep_words_of_%1$s(), public.entries_of(public.%1$I) from public', m);
    execute format('drop trigger words_changed on public.%I', m);
    execute format('create trigger words_changed after update on public.%1$I for each row when (
      %2$s or old.territory_id <> new.territory_id or old.deleted_at is distinct from new.deleted_at
      or old.responsible_id is distinct from new.responsible_id or old.second_responsible_id is distinct from new.second_responsible_id)
      execute function public.keep_words_of_%1$s()', m, changed);
    -- What was written down before is put right where it differs; the others' entries are as they were.
    execute format($f$with affected as (
        select r.id, r.territory_id, r.responsible_id, r.second_responsible_id, public.entries_of(r) as entries from public.%1$I r
        where r.deleted_at is null and (r.name ~ '[^A-Za-z0-9 ]' or %2$s ~ '[^\x01-\x7f]' or %2$s ~* 'aa')
          and exists (select from public.search_word s where s.record_id = r.id)),
      gone as (delete from public.search_word s using affected a where s.record_id = a.id and s.word <> all (a.entries))
      insert into public.search_word
        select a.id, %1$L, w, a.territory_id, a.responsible_id, a.second_responsible_id from affected a cross join unnest(a.entries) w
        where not exists (select from public.search_word s where s.record_id = a.id and s.word = w)$f$, m, shown);
  end loop;
end $do$;
drop function public.keep_words();
drop function public.words_of(text);
drop function public.name_entry(text);

-- As before, but for the question: it is split and folded here, by what splits and folds the records.
drop function public.search(text[], text[], integer);
create function public.search(question text, wanted text[], max integer) returns table (module text, record_id uuid)
  language plpgsql stable security definer set search_path = '' as $$
declare
  reach access.reach;
  words constant text[] := (public.split_words(left(question, 200)))[1:8];
  in_territories integer[];
  of_people integer[];
  m text;
  lead text;
  rest text[];
  found uuid[];
  -- Records with several entries that begin alike take several places in a lane.
  places constant integer := max * 4;
  tries constant integer := 3000;
begin
  select r.* into reach from access.entered e join access.reach r on r.user_id = e.user_id;
  if reach.user_id is null or cardinality(words) = 0 then return; end if;
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
      rest := array_remove(words, lead);
      found := found || array(select l.record_id
        from public.search_lane(m, lead, rest, in_territories, of_people, tries, places) l
        where l.record_id <> all (found) group by l.record_id order by min(l.word), l.record_id limit max - cardinality(found));
    end if;
    return query select m, id from unnest(found) id;
  end loop;
end $$;

revoke execute on function public.folded_letters(text), public.folded(text), public.split_words(text), public.search_entries(text, text),
  public.search(text, text[], integer) from public;
grant execute on function public.folded_letters(text), public.folded(text), public.search(text, text[], integer) to strongroom_runtime;
