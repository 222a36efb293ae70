-- A program that ended without saying so may have lost the views, lists and searches of its last second.
create table public.audit_run (
  id bigint generated always as identity primary key,
  opened_at timestamptz not null default clock_timestamp(),
  closed_at timestamptz
);

create function public.open_audit_run() returns bigint language plpgsql security definer set search_path = '' as $$
declare
  opened bigint;
  last_row timestamptz;
begin
  perform pg_advisory_xact_lock(7301);
  if exists (select from public.audit_run where closed_at is null) then
    select max(at) into last_row from (select at from public.audit order by seq desc limit 1000) recent;
    insert into public.audit (action, outcome, detail)
      values ('audit.gap', 'done', jsonb_build_object('after', last_row, 'milliseconds', 1000));
    update public.audit_run set closed_at = clock_timestamp() where closed_at is null;
  end if;
  insert into public.audit_run default values returning id into opened;
  return opened;
end $$;

create function public.close_audit_run(run bigint) returns void language sql security definer set search_path = '' as $$
  update public.audit_run set closed_at = clock_timestamp() where id = run;
$$;
revoke execute on function public.open_audit_run(), public.close_audit_run(bigint) from public;
grant execute on function public.open_audit_run(), public.close_audit_run(bigint) to strongroom_runtime;
