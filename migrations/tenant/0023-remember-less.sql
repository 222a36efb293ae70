-- What is remembered of a request is that it was done, to which record and at which version, for a day; never what it
-- answered. What was kept until now held records and new passwords, so the table's file goes with it.

create table public.idempotency_kept as
  select * from public.idempotency
  where at > now() - interval '1 day'
    and action not in ('user.create', 'user.reset_password', 'session.change_password');
truncate public.idempotency;

-- Also for what a restore brings back from before.
create function public.remember_less() returns trigger
  language plpgsql set search_path = '' as $$
begin
  new.result := jsonb_strip_nulls(jsonb_build_object('id', new.result -> 'id', 'version', new.result -> 'version'));
  return new;
end $$;
create trigger remember_less before insert or update on public.idempotency
  for each row execute function public.remember_less();

-- Everybody's old ones, so it must see what a user may not; it takes nothing from its caller.
create function public.forget_requests() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  delete from public.idempotency where at < now() - interval '1 day';
  return null;
end $$;
revoke execute on function public.forget_requests() from public;
create trigger forget_requests after insert on public.idempotency
  for each statement execute function public.forget_requests();
create index idempotency_at on public.idempotency (at);

insert into public.idempotency select * from public.idempotency_kept;
drop table public.idempotency_kept;
