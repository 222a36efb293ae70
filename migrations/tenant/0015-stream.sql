-- Open streams follow single changes. What an import or its undo did to thousands is not told one by one; and
-- a row's time is told too, because rows may be committed in another order than they were numbered.
drop function public.changes_since(bigint, integer);
create function public.changes_since(point bigint, max integer)
  returns table (seq bigint, at timestamptz, user_id integer, module text, record_id uuid)
  language plpgsql stable security definer set search_path = '' as $$
begin
  if access.user_id() is null then return; end if;
  return query select a.seq, a.at, a.user_id, a.module, a.record_id from public.audit a
    where a.seq > point and a.record_id is not null and a.detail ? 'changes'
      and a.action not like '%.import' and a.action not like '%.undo'
    order by a.seq limit max;
end $$;
revoke execute on function public.changes_since(bigint, integer) from public;
grant execute on function public.changes_since(bigint, integer) to strongroom_runtime;
