-- An expression of many names takes memory by the square of its length, two gigabytes at five hundred names of 200 characters,
-- and milliseconds a text: whoever had renamed his record often enough kept it from being erased for good. So names are
-- looked for some at a time, and by an expression only where one of them is.

create or replace function public.pattern_of(names text[]) returns text language sql immutable set search_path = '' as $$
  select '(?<![[:alnum:]])(' || string_agg(regexp_replace(n, '([^[:alnum:][:space:]])', '\\\1', 'g'), '|') || ')(?![[:alnum:]])'
  from (select unnest(names) union select btrim(to_jsonb(n)::text, '"') from unnest(names) n) as all_names(n);
$$;

-- Whether a text has one of them; `spelled` are the names as they stand in texts and in JSON, in lower case.
create function public.is_named(shown text, spelled text[], pattern text) returns boolean language sql immutable set search_path = '' as $$
  select case when exists (select from unnest(spelled) n where strpos(lower(shown), n) > 0) then shown ~* pattern else false end;
$$;

drop function public.is_asked_for(text, text[], text);
-- Whether what was typed names one of them, or is the beginning of one, as search is asked at every letter.
create function public.is_asked_for(typed text, spelled text[], pattern text) returns boolean
  language sql immutable set search_path = '' as $$
  select exists (select from unnest(spelled) n where length(typed) >= 3 and strpos(n, lower(btrim(typed))) > 0)
    or public.is_named(typed, spelled, pattern);
$$;

create function public.erase_some_mentions(names text[]) returns void language plpgsql set search_path = '' as $$
declare
  pattern text := public.pattern_of(names);
  spelled text[] := array(select lower(n) from unnest(names) n union select lower(btrim(to_jsonb(n)::text, '"')) from unnest(names) n);
  n text;
  latin bytea;
begin
  update public.audit a set detail = (a.detail - array['q', 'filter', 'corrections', 'fileName', 'reason']) || '{"erased": true}'
    where a.detail ?| array['q', 'filter', 'corrections', 'fileName', 'reason'] and (public.is_named(a.detail::text, spelled, pattern)
      or public.is_asked_for(a.detail ->> 'q', spelled, pattern)
      or exists (select from pg_catalog.regexp_matches(a.detail ->> 'filter', '"value"\s{0,9}:\s{0,9}\[?"([^"]{3,200})"', 'g') typed
        where public.is_asked_for(typed[1], spelled, pattern)));
  update access.sign_in set name = '–' where user_id is null and public.is_named(name, spelled, pattern);
  update public.import_report set lines = regexp_replace(lines, pattern, '–', 'gi') where public.is_named(lines, spelled, pattern);
  update public.import i set file_name = '–' where public.is_named(file_name, spelled, pattern);
  update public.import i set columns = (select jsonb_agg(c || '{"samples": []}') from pg_catalog.jsonb_array_elements(i.columns) c)
    where public.is_named(columns::text, spelled, pattern);
  update public.import set corrections = '{}' where public.is_named(corrections::text, spelled, pattern);
  update public.import_memory set corrections = '{}' where public.is_named(corrections::text, spelled, pattern);
  -- A file that was never run would bring the record back.
  foreach n in array names loop
    begin
      latin := convert_to(n, 'WIN1252');
    exception when others then
      latin := convert_to(n, 'UTF8');
    end;
    delete from public.import i where i.state in ('mapping', 'failed') and exists (select from public.import_file f
      where f.import_id = i.id and (position(convert_to(n, 'UTF8') in f.content) > 0 or position(latin in f.content) > 0));
  end loop;
end $$;

create or replace function public.erase_mentions(names text[]) returns void language plpgsql security definer set search_path = '' as $$
declare
  characters_max constant integer := 4000;
  few text[];
begin
  for few in select array_agg(n) from (select n, sum(length(n)) over (order by n) / characters_max as part from unnest(names) n) parted
    group by part loop
    perform public.erase_some_mentions(few);
  end loop;
end $$;
revoke execute on function public.is_named(text, text[], text), public.is_asked_for(text, text[], text), public.erase_some_mentions(text[]) from public;
