-- Search and history run as definer functions that apply the policy themselves: row security would keep
-- the planner from the indexes (measured in design.md). What search finds is read again under row security.

-- Records with a word that begins with each of the given ones, best first, `max` per module at most.
create function public.search(words text[], wanted text[], max integer) returns table (module text, record_id uuid)
  language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  reach access.reach;
  lead text;
  rest text[];
  past constant text := chr(1114111);
begin
  select r.* into reach from access.reach r where r.user_id = access.user_id();
  if reach.user_id is null then return; end if;
  -- The rarest word leads, the others are looked up for what it finds.
  select w into lead from unnest(words) w order by (
    select count(*) from unnest(wanted) m cross join lateral (select from public.search_word s
      where s.module = m and s.word >= w and s.word < w || past limit 300) c), length(w) desc limit 1;
  rest := array_remove(words, lead);
  return query
  with asked as (select m, access.scope(m, 'view') as scope from unnest(wanted) m),
  found as (
    select s.* from asked cross join lateral (select s.module, s.record_id, s.word from public.search_word s
      where s.module = asked.m and s.word >= lead and s.word < lead || past and public.has_words(s.record_id, rest)
      order by s.word, s.record_id limit max) s
    where reach.everywhere and asked.scope = 'all'
    union all
    select s.* from asked cross join unnest(reach.territories) t cross join lateral (select s.module, s.record_id, s.word from public.search_word s
      where s.territory_id = t and s.module = asked.m and s.word >= lead and s.word < lead || past and public.has_words(s.record_id, rest)
      order by s.word, s.record_id limit max) s
    where not reach.everywhere and asked.scope = 'all'
    union all
    select s.* from asked cross join unnest(access.people(asked.m, 'view')) p cross join lateral (select s.module, s.record_id, s.word from public.search_word s
      where s.responsible_id = p and s.module = asked.m and s.word >= lead and s.word < lead || past
        and (reach.everywhere or s.territory_id = any (reach.territories)) and public.has_words(s.record_id, rest)
      order by s.word, s.record_id limit max) s
    where asked.scope in ('own', 'group')
    union all
    select s.* from asked cross join unnest(access.people(asked.m, 'view')) p cross join lateral (select s.module, s.record_id, s.word from public.search_word s
      where s.second_responsible_id = p and s.module = asked.m and s.word >= lead and s.word < lead || past
        and (reach.everywhere or s.territory_id = any (reach.territories)) and public.has_words(s.record_id, rest)
      order by s.word, s.record_id limit max) s
    where asked.scope in ('own', 'group')
  ), best as (
    select f.module, f.record_id, min(f.word) as word from found f group by f.module, f.record_id
  ), ranked as (
    select b.*, row_number() over (partition by b.module order by b.word, b.record_id) as place from best b
  )
  select r.module, r.record_id from ranked r where r.place <= max order by array_position(wanted, r.module), r.place;
end $$;

create function public.has_words(record uuid, words text[]) returns boolean
  language plpgsql stable security definer set search_path = '' as $$
declare w text;
begin
  foreach w in array words loop
    if not exists (select from public.search_word o where o.record_id = record and o.word >= w and o.word < w || chr(1114111)) then
      return false;
    end if;
  end loop;
  return true;
end $$;

-- What was done to one record, for who may view it. Views are the auditor's business, not the timeline's.
create function public.history(of_module text, of_record uuid, before bigint, max integer)
  returns table (seq bigint, at timestamptz, user_id integer, action text, detail jsonb)
  language plpgsql stable security definer set search_path = '' as $$
declare visible boolean;
begin
  if access.scope(of_module, 'view') = 'none' then return; end if;
  execute format('select access.allows($1, ''view'', r.territory_id, r.responsible_id, r.second_responsible_id)
    from public.%I r where r.id = $2', of_module) into visible using of_module, of_record;
  if visible is not true then return; end if;
  return query select a.seq, a.at, a.user_id, a.action, a.detail from public.audit a
    where a.record_id = of_record and a.module = of_module and a.outcome = 'done' and a.detail ? 'changes'
      and (before is null or a.seq < before)
    order by a.seq desc limit max;
end $$;

-- What changed since a point in the log, for open streams; who may see each record is asked where it is read.
create function public.changes_since(point bigint, max integer)
  returns table (seq bigint, user_id integer, module text, record_id uuid)
  language plpgsql stable security definer set search_path = '' as $$
begin
  if access.user_id() is null then return; end if;
  return query select a.seq, a.user_id, a.module, a.record_id from public.audit a
    where a.seq > point and a.record_id is not null and a.detail ? 'changes' order by a.seq limit max;
end $$;

create function public.last_change() returns bigint language sql stable security definer set search_path = '' as $$
  select coalesce(max(seq), 0) from public.audit;
$$;

revoke execute on all functions in schema public from public;
grant execute on function public.search(text[], text[], integer), public.history(text, uuid, bigint, integer),
  public.changes_since(bigint, integer), public.last_change(), public.words_of(text), public.stamp_record() to strongroom_runtime;
