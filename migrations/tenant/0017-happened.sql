-- What happened when, for who asks to go back to a moment. Changes of records are counted from an index that holds
-- nothing else, so that a million of them are no table to read.
create index audit_happened on public.audit (at) include (action)
  where outcome = 'done' and record_id is not null and detail ? 'changes';
create index audit_marks on public.audit (at) where outcome = 'done' and action in ('restore', 'import.run', 'import.undo');

create function public.may_ask_to_restore() returns boolean language sql stable security definer set search_path = '' as $$
  select access.permits('users') and access.everywhere();
$$;

create function public.happened(since timestamptz, till timestamptz, bucket interval)
  returns table (at timestamptz, action text, count bigint)
  language plpgsql stable security definer set search_path = '' as $$
begin
  if not public.may_ask_to_restore() then return; end if;
  return query select date_bin(bucket, a.at, since), a.action, count(*) from public.audit a
    where a.at >= since and a.at < till and a.outcome = 'done' and a.record_id is not null and a.detail ? 'changes'
    group by 1, 2 order by 1, 2;
end $$;

-- Single acts that did much: the newest first.
create function public.marks(since timestamptz, till timestamptz, max integer)
  returns table (at timestamptz, action text, user_id integer, module text, file_name text, records integer, detail jsonb)
  language plpgsql stable security definer set search_path = '' as $$
begin
  if not public.may_ask_to_restore() then return; end if;
  return query select a.at, a.action, a.user_id, a.module, i.file_name, i.created, case a.action when 'restore' then a.detail end
    from public.audit a left join public.import i on i.id = (a.detail ->> 'import')::uuid
    where a.at >= since and a.at < till and a.outcome = 'done' and a.action in ('restore', 'import.run', 'import.undo')
    order by a.at desc limit max;
end $$;

revoke execute on function public.may_ask_to_restore(), public.happened(timestamptz, timestamptz, interval),
  public.marks(timestamptz, timestamptz, integer) from public;
grant execute on function public.may_ask_to_restore(), public.happened(timestamptz, timestamptz, interval),
  public.marks(timestamptz, timestamptz, integer) to strongroom_runtime;
