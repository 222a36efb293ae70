-- As before, but null unless the password that was compared is still his: one that was changed while the hash was computed
-- opens nothing.
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
    where id = who and active and level > 1 and password_hash = a ->> 'passwordHash' returning password_first into only_first;
  if not found then return null; end if;
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
