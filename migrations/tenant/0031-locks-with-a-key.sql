-- Blocks that end by themselves, secrets that end, and devices the server alone names.

-- Counting an attempt writes a user's row: whoever holds all rights is asked for only when rights change.
drop trigger all_rights on access.users;
create trigger all_rights after update of level, active or delete on access.users
  execute function access.at_least_one_holds_all_rights();

-- A first or reset password ends, and must be changed at its first use.
alter table access.users add column password_first boolean not null default false, add column password_ends_at timestamptz;
-- A session that may do nothing but change the password, and the guesses at the present one.
alter table access.session add column first boolean not null default false, add column guesses integer not null default 0;
insert into access.setting values ('networkFailureLimit', '60'), ('firstPasswordDays', '7') on conflict do nothing;

create or replace view access.entered as
  select s.id as session_id, s.kind, s.last_seen_at, s.user_id, u.name, u.full_name, u.language, u.level
  from access.session s join access.users u on u.id = s.user_id
  where s.token_hash = sha256(convert_to(current_setting('strongroom.token', true), 'UTF8')) and not s.first
    and s.ended_at is null and now() < s.ends_at and now() < s.idle_until and u.active and u.level > 1;

-- Failed attempts of a network, whatever names they tried.
create table access.network (
  address text primary key,
  failures integer not null,
  last_at timestamptz not null
);
-- Where attempts at names that nobody has are counted, so that they cost what the others cost.
create table access.stranger (place integer primary key, failures integer not null default 0) with (fillfactor = 50);
insert into access.stranger (place) select generate_series(0, 63);
do $$
declare t text;
begin
  foreach t in array array['network', 'stranger'] loop
    execute format('alter table access.%I enable row level security', t);
    execute format('alter table access.%I force row level security', t);
    execute format('create policy owner on access.%I to strongroom_owner using (true)', t);
  end loop;
end $$;
create index sign_in_of_user on access.sign_in (user_id, id);
-- What was typed as a name and is nobody's may be somebody's password.
update access.sign_in set name = '#' where user_id is null;

-- Whether so many failures shut a door now: for a minute, and twice as long after each one more, a day at most.
create function access.shut(failures integer, allowed integer, last_at timestamptz) returns boolean
  language sql stable set search_path = '' as $$
  select failures > allowed and clock_timestamp() < last_at
    + make_interval(mins => least(1440, power(2, least(failures - allowed - 1, 11))::integer));
$$;

-- Counts the attempt before any hash is computed (so that 64 guesses at once cost four hashes at most) and hands out the
-- hash to compare with, or null when the attempt is refused; a refused one counts nowhere. A device that has signed in
-- before keeps a counter of its own, so that strangers cannot block it; strictBlock lets the account's stand for it too.
create or replace function access.begin_sign_in(asked text, proof bytea)
  returns table (user_id integer, password_hash text, blocked boolean)
  language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  a jsonb := access.proven('access.begin_sign_in', asked, proof);
  u access.users;
  d access.device;
  n access.network;
  allowed integer := (select s.value::integer from access.setting s where s.key = 'failedSignInLimit');
  of_network integer := (select s.value::integer from access.setting s where s.key = 'networkFailureLimit');
  every_path boolean := (select s.value = 'true'::jsonb from access.setting s where s.key = 'strictBlock');
  shut boolean := false;
  network_shut boolean;
  bucket integer := abs(hashtext(a ->> 'name') % 64);
begin
  select * into u from access.users where lower(name) = lower(a ->> 'name') for update;
  select * into d from access.device where token_hash = decode(a ->> 'device', 'hex') and device.user_id = u.id and not every_path for update;
  if d.token_hash is not null then
    shut := access.shut(d.failures, allowed, d.last_seen_at);
    update access.device set failures = least(failures + 1, allowed + 12), last_seen_at = clock_timestamp()
      where token_hash = d.token_hash and not shut;
  else
    shut := u.id is not null and access.shut(u.failures, allowed, u.blocked_at);
    select * into n from access.network k where k.address = a ->> 'network' for update;
    network_shut := n.address is not null and access.shut(n.failures, of_network, n.last_at);
    -- A while without any failure is a new beginning.
    insert into access.network as k (address, failures, last_at) values (a ->> 'network', 1, clock_timestamp())
      on conflict (address) do update set
        failures = case when shut or network_shut then k.failures
          when k.failures <= of_network and k.last_at < clock_timestamp() - interval '15 minutes' then 1
          else least(k.failures + 1, of_network + 12) end,
        last_at = case when shut or network_shut then k.last_at else clock_timestamp() end;
    shut := shut or network_shut;
    if u.id is null then
      update access.stranger set failures = failures + 1 where stranger.place = bucket and not shut;
    else
      update access.users set failures = least(failures + 1, allowed + 12),
        blocked_at = case when failures >= allowed then clock_timestamp() else blocked_at end
        where id = u.id and not shut;
    end if;
  end if;
  if u.id is null then return; end if;
  return query select u.id, case when shut or not u.active or u.level = 1 or u.password_ends_at < now() then null else u.password_hash end, shut;
end $$;

-- Opens the session: one that may only change the password while that is a first one. The device gets a new name each
-- time, and the one it had is nobody's. Answers what failed since he was last here.
drop function access.finish_sign_in(text, bytea);
create function access.finish_sign_in(asked text, proof bytea) returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  a jsonb := access.proven('access.finish_sign_in', asked, proof);
  who integer := (a ->> 'userId')::integer;
  before timestamptz := (select u.last_sign_in_at from access.users u where u.id = who);
  only_first boolean;
  failed jsonb;
  idle integer := (select value::integer from access.setting where key = 'sessionIdleMinutes');
  hours integer := (select value::integer from access.setting where key = 'sessionHoursMax');
begin
  update access.users set failures = 0, blocked_at = null, last_sign_in_at = clock_timestamp()
    where id = who and active and level > 1 returning password_first into only_first;
  if not found then raise exception 'may not sign in' using errcode = '42501'; end if;
  update access.network set failures = greatest(failures - 1, 0) where address = a ->> 'network';
  delete from access.network where last_at < clock_timestamp() - interval '1 day';
  delete from access.device where (token_hash = decode(a ->> 'oldDevice', 'hex') or last_seen_at < now() - interval '1 year') and user_id = who;
  insert into access.device (token_hash, user_id) values (decode(a ->> 'device', 'hex'), who);
  insert into access.session (token_hash, user_id, idle_until, ends_at, ip, user_agent, first)
    values (decode(a ->> 'token', 'hex'), who, now() + make_interval(mins => idle), now() + make_interval(hours => hours),
      (a ->> 'ip')::inet, left(a ->> 'userAgent', 300), only_first);
  select jsonb_build_object('count', count(*), 'last', max(f.at), 'addresses', coalesce(jsonb_agg(distinct host(f.ip)), '[]')) into failed
    from (select s.at, s.ip from access.sign_in s where s.user_id = who and s.outcome in ('failed', 'blocked') and s.at > coalesce(before, '-infinity')
      order by s.id desc limit 100) f;
  return jsonb_build_object('first', only_first, 'failed', failed);
end $$;

create or replace function access.log_sign_in(asked text, proof bytea) returns void language plpgsql security definer set search_path = '' as $$
declare
  a jsonb := access.proven('access.log_sign_in', asked, proof);
  who integer := (a ->> 'userId')::integer;
  -- The same name leaves the same mark, from which nobody reads it.
  mark text := '#' || left(encode(sha256((select d.secret from access.door d) || convert_to(lower(a ->> 'name'), 'UTF8')), 'hex'), 12);
begin
  insert into access.sign_in (name, user_id, ip, user_agent, outcome)
    values (coalesce((select u.name from access.users u where u.id = who), mark), who, (a ->> 'ip')::inet, left(a ->> 'userAgent', 300), a ->> 'outcome');
end $$;

-- Given by another: a first password, and every device and session from before is forgotten.
create or replace function access.set_password(asked text, proof bytea) returns void language plpgsql security definer set search_path = '' as $$
declare
  a jsonb := access.proven('access.set_password', asked, proof);
  who integer := (a ->> 'userId')::integer;
begin
  if not access.may_administer(who) then
    raise exception 'may not set this password' using errcode = 'SR004';
  end if;
  perform access.give_first_password(who, a ->> 'hash');
end $$;

-- The owner gives one too: to the first administrator, and to one who is locked out.
create function access.give_first_password(who integer, hash text) returns void language plpgsql set search_path = '' as $$
begin
  update access.users set password_hash = hash, password_set_at = now(), password_first = true, failures = 0, blocked_at = null,
    password_ends_at = now() + make_interval(days => (select value::integer from access.setting where key = 'firstPasswordDays'))
    where id = who;
  delete from access.device where user_id = who;
  update access.session set ended_at = now() where user_id = who and ended_at is null;
end $$;

-- Changing one's own password: whoever holds the session, first or not. Guesses at the present one are counted, and
-- one too many ends the session.
drop function access.own_password_hash(text, bytea);
create function access.begin_password_change(asked text, proof bytea)
  returns table (user_id integer, session_id uuid, name text, full_name text, email text, password_hash text)
  language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  a jsonb := access.proven('access.begin_password_change', asked, proof);
  allowed integer := (select s.value::integer from access.setting s where s.key = 'failedSignInLimit');
begin
  return query with live as (
    update access.session s set guesses = s.guesses + 1, ended_at = case when s.guesses >= allowed + 1 then now() end
    from access.users u where u.id = s.user_id and s.token_hash = decode(a ->> 'token', 'hex') and s.kind = 'browser'
      and s.ended_at is null and now() < s.ends_at and now() < s.idle_until and u.active and u.level > 1
    returning s.user_id, s.id, s.ended_at)
  select u.id, l.id, u.name, u.full_name, u.email, u.password_hash from live l join access.users u on u.id = l.user_id where l.ended_at is null;
end $$;

create function access.finish_password_change(asked text, proof bytea) returns void language plpgsql security definer set search_path = '' as $$
declare
  a jsonb := access.proven('access.finish_password_change', asked, proof);
  which uuid := (a ->> 'sessionId')::uuid;
  who integer := (select s.user_id from access.session s where s.id = which and s.ended_at is null);
begin
  if who is null then raise exception 'no session' using errcode = '42501'; end if;
  update access.users set password_hash = a ->> 'hash', password_set_at = now(), password_first = false, password_ends_at = null where id = who;
  update access.session set ended_at = now() where user_id = who and ended_at is null and id <> which;
  update access.session set first = false, guesses = 0 where id = which;
end $$;

do $$
declare f text;
begin
  foreach f in array array['finish_sign_in', 'begin_password_change', 'finish_password_change'] loop
    execute format('revoke execute on function access.%I(text, bytea) from public', f);
    execute format('grant execute on function access.%I(text, bytea) to strongroom_runtime', f);
  end loop;
end $$;
revoke execute on function access.shut(integer, integer, timestamptz), access.give_first_password(integer, text) from public;
