-- Erasing reaches every text that names the record, not only what is kept of the record itself: what people typed to find
-- it, names of files, reports of imports, names tried at the door. specs/policy/places-of-records.ts is the list.

-- What a record is and was called. A single word that is nobody's name ("Call") would be found in texts of others.
create function public.names_of(of_module text, which uuid) returns text[]
  language plpgsql stable security definer set search_path = '' as $$
declare found text[];
begin
  execute format($f$select array_agg(distinct name) from (
      select btrim(own.value) as name from public.%I r, pg_catalog.jsonb_each_text(to_jsonb(r)) own
        where r.id = $1 and own.key in ('name', 'last_name', 'email', 'phone')
      union all select btrim(c ->> side) from public.audit a,
        pg_catalog.jsonb_array_elements(case pg_catalog.jsonb_typeof(a.detail -> 'changes') when 'array' then a.detail -> 'changes' end) c,
        unnest(array['before', 'after']) side
        where a.record_id = $1 and c ->> 'field' in ('name', 'lastName', 'email', 'phone')) named
    where length(name) >= 3 and ($2 or name like '%% %%')$f$, of_module)
    into found using which, of_module in ('organisation', 'person');
  return coalesce(found, '{}');
end $$;

-- Whole words only, whatever their case; also as they stand within JSON.
create function public.pattern_of(names text[]) returns text language sql immutable set search_path = '' as $$
  select '(?<![[:alnum:]])(' || string_agg(regexp_replace(n, '([^[:alnum:][:space:]])', '\\\1', 'g'), '|') || ')(?![[:alnum:]])'
  from (select unnest(names) union select btrim(to_jsonb(n)::text, '"') from unnest(names) n) as all_names(n);
$$;

-- Whether what was typed names one of them, or is the beginning of one, as search is asked at every letter.
create function public.is_asked_for(typed text, names text[], pattern text) returns boolean
  language sql immutable set search_path = '' as $$
  select typed ~* pattern or exists (select from unnest(names) n where length(typed) >= 3 and strpos(lower(n), lower(btrim(typed))) > 0);
$$;

create function public.erase_mentions(names text[]) returns void language plpgsql security definer set search_path = '' as $$
declare
  pattern text := public.pattern_of(names);
  n text;
  latin bytea;
begin
  if pattern is null then return; end if;
  update public.audit a set detail = (a.detail - array['q', 'filter', 'corrections', 'fileName', 'reason']) || '{"erased": true}'
    where a.detail ?| array['q', 'filter', 'corrections', 'fileName', 'reason'] and (a.detail::text ~* pattern
      or public.is_asked_for(a.detail ->> 'q', names, pattern)
      or exists (select from pg_catalog.regexp_matches(a.detail ->> 'filter', '"value"\s{0,9}:\s{0,9}\[?"([^"]{3,200})"', 'g') typed
        where public.is_asked_for(typed[1], names, pattern)));
  update access.sign_in set name = '–' where user_id is null and name ~* pattern;
  update public.import_report set lines = regexp_replace(lines, pattern, '–', 'gi') where lines ~* pattern;
  update public.import i set file_name = '–' where file_name ~* pattern;
  update public.import i set columns = (select jsonb_agg(c || '{"samples": []}') from pg_catalog.jsonb_array_elements(i.columns) c)
    where columns::text ~* pattern;
  update public.import set corrections = '{}' where corrections::text ~* pattern;
  update public.import_memory set corrections = '{}' where corrections::text ~* pattern;
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

create index audit_typed on public.audit (seq) where detail ?| array['q', 'filter', 'corrections', 'fileName', 'reason'];

create or replace function public.erase_values(of_module text, which uuid) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  link record;
  held boolean := false;
  hangs boolean;
  blank text;
  names text[] := public.names_of(of_module, which);
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
  -- Whatever of an answer is kept there.
  delete from public.idempotency i where strpos(to_jsonb(i)::text, which::text) > 0;
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
  -- That it moved is counted on; whose it was is not kept.
  update public.record_move set territory_id = 0, responsible_id = null, second_responsible_id = null where record_id = which;
  perform public.erase_mentions(names);
  return not held;
end $$;

revoke execute on function public.names_of(text, uuid), public.pattern_of(text[]), public.is_asked_for(text, text[], text),
  public.erase_mentions(text[]) from public;
