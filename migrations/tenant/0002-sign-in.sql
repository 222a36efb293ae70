-- Signing in and out. The runtime role reaches passwords, sessions and devices only through these functions.

-- Counts the attempt before any hash is computed (so that 64 guesses at once cost four hashes at most)
-- and hands out the hash to compare with, or null when the attempt is refused.
-- A device that has signed in before keeps a counter of its own, so that a stranger cannot block it;
-- the setting strictBlock makes the block of the account stand for every device.
create function access.begin_sign_in(claimed text, device_hash bytea)
  returns table (user_id integer, password_hash text, blocked boolean)
  language plpgsql security definer set search_path = '' as $$
declare
  u access.users;
  d access.device;
  allowed integer := (select value::integer from access.setting where key = 'failedSignInLimit');
  every_path boolean := (select value = 'true'::jsonb from access.setting where key = 'strictBlock');
begin
  select * into u from access.users where lower(name) = lower(claimed) for update;
  if u.id is null then return; end if;
  if not every_path then
    select * into d from access.device where token_hash = device_hash and device.user_id = u.id for update;
  end if;
  if d.token_hash is not null then
    update access.device set failures = least(failures + 1, allowed + 1) where token_hash = device_hash;
    blocked := d.failures > allowed;
  else
    update access.users set failures = least(failures + 1, allowed + 1),
      blocked_at = case when failures >= allowed then coalesce(blocked_at, clock_timestamp()) else blocked_at end
      where id = u.id;
    blocked := u.failures > allowed or u.blocked_at is not null;
  end if;
  user_id := u.id;
  password_hash := case when blocked or not u.active or u.level = 1 then null else u.password_hash end;
  return next;
end $$;

-- The attempt with the right password does not count; one after too many does not reach this.
create function access.finish_sign_in(who integer, token bytea, device bytea, ip inet, agent text)
  returns uuid language plpgsql security definer set search_path = '' as $$
declare
  opened uuid;
  idle integer := (select value::integer from access.setting where key = 'sessionIdleMinutes');
  hours integer := (select value::integer from access.setting where key = 'sessionHoursMax');
begin
  update access.users set failures = 0, blocked_at = null, last_sign_in_at = clock_timestamp() where id = who;
  insert into access.device as d (token_hash, user_id) values (device, who)
    on conflict (token_hash) do update set failures = 0, last_seen_at = clock_timestamp(), user_id = who;
  insert into access.session (token_hash, user_id, idle_until, ends_at, ip, user_agent)
    values (token, who, now() + make_interval(mins => idle), now() + make_interval(hours => hours), ip, left(agent, 300))
    returning id into opened;
  return opened;
end $$;

-- A job works with a session of its own that acts as its owner and ends with his rights.
create function access.open_job_session(token bytea) returns uuid language plpgsql security definer set search_path = '' as $$
declare opened uuid;
begin
  insert into access.session (token_hash, user_id, kind, idle_until, ends_at)
    select token, access.user_id(), 'job', now() + interval '1 day', now() + interval '1 day'
    where access.user_id() is not null returning id into opened;
  return opened;
end $$;

create function access.touch_session() returns void language sql security definer set search_path = '' as $$
  update access.session s set last_seen_at = now(),
    idle_until = now() + make_interval(mins => (select value::integer from access.setting where key = 'sessionIdleMinutes'))
  where s.token_hash = sha256(convert_to(current_setting('strongroom.token', true), 'UTF8')) and s.kind = 'browser'
    and s.user_id = access.user_id();
$$;

-- Ends sessions: one of one's own, all of one's own, or (with the right to administer users) all of another's.
create function access.end_sessions(whose integer, which uuid) returns integer language plpgsql security definer set search_path = '' as $$
declare ended integer;
begin
  if whose is distinct from access.user_id() and not access.permits('users') then
    raise exception 'may not end sessions of others' using errcode = '42501';
  end if;
  update access.session set ended_at = now()
    where user_id = whose and ended_at is null and (which is null or id = which);
  get diagnostics ended = row_count;
  return ended;
end $$;

create function access.log_sign_in(claimed text, who integer, ip inet, agent text, result text)
  returns void language sql security definer set search_path = '' as $$
  insert into access.sign_in (name, user_id, ip, user_agent, outcome) values (left(claimed, 200), who, ip, left(agent, 300), result);
$$;

create function access.own_password_hash() returns text language sql stable security definer set search_path = '' as $$
  select password_hash from access.users where id = access.user_id();
$$;

-- Sets a password: one's own, or (with the right to administer users) one of a user of no higher level.
create function access.set_password(who integer, hash text) returns void language plpgsql security definer set search_path = '' as $$
begin
  if who is distinct from access.user_id() and (not access.permits('users')
    or (select level from access.users where id = who) > (select level from access.users where id = access.user_id())) then
    raise exception 'may not set this password' using errcode = '42501';
  end if;
  update access.users set password_hash = hash, password_set_at = now() where id = who;
end $$;

create function access.unblock(who integer) returns void language plpgsql security definer set search_path = '' as $$
begin
  if not access.permits('users') then raise exception 'may not unblock' using errcode = '42501'; end if;
  update access.users set failures = 0, blocked_at = null where id = who;
  update access.device set failures = 0 where user_id = who;
end $$;

create function access.set_language(chosen text) returns void language sql security definer set search_path = '' as $$
  update access.users set language = chosen where id = access.user_id();
$$;

revoke execute on all functions in schema access from public;
grant execute on all functions in schema access to strongroom_runtime;
revoke execute on function access.refresh_reach(), access.at_least_one_holds_all_rights(), access.grants_within_own() from strongroom_runtime;
