-- Only failures count against a network. A right sign-in takes back what it was counted with before it was known to be
-- right: the one more, and the time of it, which kept old failures from ending and shut a network again that had waited.
-- One on a known device was not counted there, so it takes nothing back: it had paid off another's guess.
alter table access.network add column before_at timestamptz;

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
        last_at = case when shut or network_shut then k.last_at else clock_timestamp() end,
        before_at = case when shut or network_shut then k.before_at else k.last_at end;
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

create or replace function access.finish_sign_in(asked text, proof bytea) returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  a jsonb := access.proven('access.finish_sign_in', asked, proof);
  who integer := (a ->> 'userId')::integer;
  before timestamptz := (select u.last_sign_in_at from access.users u where u.id = who);
  -- As the attempt was begun: a known device's was counted with the device, and not with the network.
  known boolean := exists (select from access.device d where d.token_hash = decode(a ->> 'oldDevice', 'hex') and d.user_id = who)
    and not (select value = 'true'::jsonb from access.setting where key = 'strictBlock');
  only_first boolean;
  failed jsonb;
  idle integer := (select value::integer from access.setting where key = 'sessionIdleMinutes');
  hours integer := (select value::integer from access.setting where key = 'sessionHoursMax');
begin
  update access.users set failures = 0, blocked_at = null, last_sign_in_at = clock_timestamp()
    where id = who and active and level > 1 returning password_first into only_first;
  if not found then raise exception 'may not sign in' using errcode = '42501'; end if;
  update access.network set failures = greatest(failures - 1, 0), last_at = coalesce(before_at, last_at)
    where address = a ->> 'network' and not known;
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
