-- A deal that is won or lost has a closing day, by whatever way it came to be so. The program says the day it is where
-- the user is; what goes past it (a record taken back, plain SQL) closes on the day it is in UTC.
create function public.close_opportunity() returns trigger language plpgsql set search_path = '' as $$
begin
  if new.closes_on is null and exists (select from public.stage s where s.key = new.stage and s.outcome <> 'open') then
    new.closes_on := (now() at time zone 'UTC')::date;
  end if;
  return new;
end $$;
revoke execute on function public.close_opportunity() from public;
create trigger d_close before insert on public.opportunity for each row when (new.closes_on is null)
  execute function public.close_opportunity();
create trigger d_close_changed before update on public.opportunity for each row
  when (new.closes_on is null and (old.stage, old.closes_on) is distinct from (new.stage, new.closes_on))
  execute function public.close_opportunity();
