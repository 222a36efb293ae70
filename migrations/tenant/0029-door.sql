-- What is asked for nobody's session (signing in, the log, how far a job is) serves the program alone: whoever else
-- has the tenant's login role is told nothing and changes nothing by it. The program proves itself with a secret
-- that the owner alone may read: HMAC-SHA256 over the function's name, a line's end and the JSON text it is asked with.

create table access.door (
  one boolean primary key default true check (one),
  secret bytea not null,
  -- The secret padded as RFC 2104 wants it, so that no request pads it again.
  inner_secret bytea not null,
  outer_secret bytea not null
);
alter table access.door enable row level security;
alter table access.door force row level security;
create policy owner on access.door to strongroom_owner using (true);

-- Reads the secret; a database that has none yet makes its own, so that none ever comes with a template.
create function access.door_secret() returns bytea language plpgsql set search_path = '' as $$
declare
  made bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  inner_pad bytea := made || decode(repeat('00', 32), 'hex');
  outer_pad bytea := inner_pad;
begin
  if not exists (select from access.door) then
    for place in 0..63 loop
      inner_pad := set_byte(inner_pad, place, get_byte(inner_pad, place) # 54);
      outer_pad := set_byte(outer_pad, place, get_byte(outer_pad, place) # 92);
    end loop;
    insert into access.door (secret, inner_secret, outer_secret) values (made, inner_pad, outer_pad) on conflict do nothing;
  end if;
  return (select d.secret from access.door d);
end $$;

-- What the program asked. Hashed once more, so that the time of a comparison tells nothing of the proof.
create function access.proven(act text, asked text, proof bytea) returns jsonb language plpgsql stable set search_path = '' as $$
begin
  if not exists (select from access.door d where sha256(proof)
    = sha256(sha256(d.outer_secret || sha256(d.inner_secret || convert_to(act || E'\n' || asked, 'UTF8'))))) then
    raise exception '% serves the program alone', act using errcode = '42501';
  end if;
  return asked::jsonb;
end $$;

-- The log: numbered and timed here. Who did it is the session's user wherever one is open, and else as the program says;
-- nothing is ever dated ahead.
create function public.log(asked text, proof bytea) returns void language plpgsql security definer set search_path = '' as $$
declare
  a jsonb := access.proven('public.log', asked, proof);
  e record;
begin
  select * into e from (select n.user_id, n.session_id from access.entered n) n right join (select) always on true;
  insert into public.audit (at, user_id, session_id, request_id, ip, action, outcome, module, record_id, detail)
    select case when e.user_id is null then least(coalesce(r.at, s.at), clock_timestamp()) else clock_timestamp() end,
      coalesce(e.user_id, r."userId", s."userId"), coalesce(e.session_id, r."sessionId", s."sessionId"),
      coalesce(r."requestId", s."requestId"), coalesce(r.ip, s.ip), coalesce(r.action, s.action), coalesce(r.outcome, s.outcome),
      coalesce(r.module, s.module), r."recordId", r.detail
    from jsonb_to_record(a -> 'shared') s(at timestamptz, "userId" integer, "sessionId" uuid, "requestId" uuid, ip inet, action text,
      outcome text, module text)
    cross join jsonb_to_recordset(a -> 'rows') r(at timestamptz, "userId" integer, "sessionId" uuid, "requestId" uuid, ip inet,
      action text, outcome text, module text, "recordId" uuid, detail jsonb);
end $$;
drop policy added on public.audit;
revoke insert on public.audit from strongroom_runtime;

drop function public.open_audit_run();
drop function public.close_audit_run(bigint);
create function public.open_audit_run(asked text, proof bytea) returns table (run bigint)
  language plpgsql security definer set search_path = '' as $$
declare last_row timestamptz;
begin
  perform access.proven('public.open_audit_run', asked, proof);
  perform pg_advisory_xact_lock(7301);
  if exists (select from public.audit_run where closed_at is null) then
    select max(at) into last_row from (select at from public.audit order by seq desc limit 1000) recent;
    insert into public.audit (action, outcome, detail)
      values ('audit.gap', 'done', jsonb_build_object('after', last_row, 'milliseconds', 1000));
    update public.audit_run set closed_at = clock_timestamp() where closed_at is null;
  end if;
  return query insert into public.audit_run default values returning id;
end $$;

create function public.close_audit_run(asked text, proof bytea) returns void language plpgsql security definer set search_path = '' as $$
begin
  update public.audit_run set closed_at = clock_timestamp()
    where id = (access.proven('public.close_audit_run', asked, proof) ->> 'run')::bigint;
end $$;

-- Signing in. What begins it counts the attempt before any hash is computed and hands out the hash to compare with.
drop function access.begin_sign_in(text, bytea);
create function access.begin_sign_in(asked text, proof bytea)
  returns table (user_id integer, password_hash text, blocked boolean)
  language plpgsql security definer set search_path = '' as $$
declare
  a jsonb := access.proven('access.begin_sign_in', asked, proof);
  device_hash bytea := decode(a ->> 'device', 'hex');
  u access.users;
  d access.device;
  allowed integer := (select value::integer from access.setting where key = 'failedSignInLimit');
  every_path boolean := (select value = 'true'::jsonb from access.setting where key = 'strictBlock');
begin
  select * into u from access.users where lower(name) = lower(a ->> 'name') for update;
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

drop function access.finish_sign_in(integer, bytea, bytea, inet, text);
create function access.finish_sign_in(asked text, proof bytea) returns void language plpgsql security definer set search_path = '' as $$
declare
  a jsonb := access.proven('access.finish_sign_in', asked, proof);
  who integer := (a ->> 'userId')::integer;
  idle integer := (select value::integer from access.setting where key = 'sessionIdleMinutes');
  hours integer := (select value::integer from access.setting where key = 'sessionHoursMax');
begin
  update access.users set failures = 0, blocked_at = null, last_sign_in_at = clock_timestamp() where id = who and active and level > 1;
  if not found then raise exception 'may not sign in' using errcode = '42501'; end if;
  insert into access.device as d (token_hash, user_id) values (decode(a ->> 'device', 'hex'), who)
    on conflict (token_hash) do update set failures = 0, last_seen_at = clock_timestamp(), user_id = who;
  insert into access.session (token_hash, user_id, idle_until, ends_at, ip, user_agent)
    values (decode(a ->> 'token', 'hex'), who, now() + make_interval(mins => idle), now() + make_interval(hours => hours),
      (a ->> 'ip')::inet, left(a ->> 'userAgent', 300));
end $$;

drop function access.log_sign_in(text, integer, inet, text, text);
create function access.log_sign_in(asked text, proof bytea) returns void language plpgsql security definer set search_path = '' as $$
declare a jsonb := access.proven('access.log_sign_in', asked, proof);
begin
  insert into access.sign_in (name, user_id, ip, user_agent, outcome)
    values (left(a ->> 'name', 200), (a ->> 'userId')::integer, (a ->> 'ip')::inet, left(a ->> 'userAgent', 300), a ->> 'outcome');
end $$;

drop function access.own_password_hash();
create function access.own_password_hash(asked text, proof bytea) returns text
  language plpgsql stable security definer set search_path = '' as $$
begin
  perform access.proven('access.own_password_hash', asked, proof);
  return (select u.password_hash from access.entered e join access.users u on u.id = e.user_id);
end $$;

-- Who may be administered: by who administers users, of no higher level, and whose territories lie within his own.
create function access.may_administer(who integer) returns boolean language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce((select 'users' = any (l.permissions) and u.level <= e.level and (r.everywhere
      or exists (select from access.user_territory t where t.user_id = who)
        and not exists (select from access.user_territory t where t.user_id = who and t.territory_id <> all (r.territories)))
    from access.entered e join access.level l on l.number = e.level join access.reach r on r.user_id = e.user_id
    join access.users u on u.id = who), false);
end $$;

drop function access.set_password(integer, text);
create function access.set_password(asked text, proof bytea) returns void language plpgsql security definer set search_path = '' as $$
declare
  a jsonb := access.proven('access.set_password', asked, proof);
  who integer := (a ->> 'userId')::integer;
begin
  if who is distinct from access.user_id() and not access.may_administer(who) then
    raise exception 'may not set this password' using errcode = 'SR004';
  end if;
  update access.users set password_hash = a ->> 'hash', password_set_at = now() where id = who;
end $$;

create or replace function access.end_sessions(whose integer, which uuid) returns integer
  language plpgsql security definer set search_path = '' as $$
declare ended integer;
begin
  if whose is distinct from access.user_id() and not access.may_administer(whose) then
    raise exception 'may not end sessions of others' using errcode = 'SR004';
  end if;
  update access.session set ended_at = now()
    where user_id = whose and ended_at is null and (which is null or id = which);
  get diagnostics ended = row_count;
  return ended;
end $$;

create or replace function access.unblock(who integer) returns void language plpgsql security definer set search_path = '' as $$
begin
  if not access.may_administer(who) then raise exception 'may not unblock' using errcode = 'SR004'; end if;
  update access.users set failures = 0, blocked_at = null where id = who;
  update access.device set failures = 0 where user_id = who;
end $$;

-- A job's session comes from a person's, never from another job's.
create or replace function access.open_job_session(token bytea) returns uuid language plpgsql security definer set search_path = '' as $$
declare opened uuid;
begin
  insert into access.session (token_hash, user_id, kind, idle_until, ends_at)
    select token, e.user_id, 'job', now() + interval '1 day', now() + interval '1 day'
    from access.entered e where e.kind = 'browser' returning id into opened;
  return opened;
end $$;

-- Jobs: how far one is, told while its one transaction is still open, and why it stopped when its owner may do nothing more.
drop function public.import_started(uuid);
drop function public.import_progress(uuid, integer, integer);
drop function public.import_stopped(uuid, text);
drop function public.take_back_started(uuid);
drop function public.take_back_progress(uuid, integer, integer);
drop function public.take_back_stopped(uuid, text);
drop function public.add_words_of_import(uuid, integer);
create function public.import_started(asked text, proof bytea) returns void language plpgsql security definer set search_path = '' as $$
declare a jsonb := access.proven('public.import_started', asked, proof);
begin
  update public.import set state = case state when 'waiting' then 'running' else state end, done = 0, error = null
    where id = (a ->> 'id')::uuid and state in ('waiting', 'running', 'undoing');
end $$;
create function public.import_progress(asked text, proof bytea) returns void language plpgsql security definer set search_path = '' as $$
declare a jsonb := access.proven('public.import_progress', asked, proof);
begin
  update public.import set done = (a ->> 'done')::integer, refused = (a ->> 'refused')::integer
    where id = (a ->> 'id')::uuid and state = 'running';
end $$;
create function public.import_stopped(asked text, proof bytea) returns void language plpgsql security definer set search_path = '' as $$
declare a jsonb := access.proven('public.import_stopped', asked, proof);
begin
  update public.import set state = case state when 'undoing' then 'done' else 'failed' end, error = left(a ->> 'reason', 500)
    where id = (a ->> 'id')::uuid and state in ('waiting', 'running', 'undoing');
end $$;
create function public.take_back_started(asked text, proof bytea) returns void language plpgsql security definer set search_path = '' as $$
declare a jsonb := access.proven('public.take_back_started', asked, proof);
begin
  update public.take_back set state = case state when 'waiting' then 'running' else state end, done = 0, error = null
    where id = (a ->> 'id')::uuid and state in ('waiting', 'running', 'undoing');
end $$;
create function public.take_back_progress(asked text, proof bytea) returns void language plpgsql security definer set search_path = '' as $$
declare a jsonb := access.proven('public.take_back_progress', asked, proof);
begin
  update public.take_back set done = (a ->> 'done')::integer, wanted = (a ->> 'wanted')::integer
    where id = (a ->> 'id')::uuid and state in ('running', 'undoing');
end $$;
create function public.take_back_stopped(asked text, proof bytea) returns void language plpgsql security definer set search_path = '' as $$
declare a jsonb := access.proven('public.take_back_stopped', asked, proof);
begin
  update public.take_back set state = case state when 'undoing' then 'done' else 'failed' end, error = left(a ->> 'reason', 500)
    where id = (a ->> 'id')::uuid and state in ('waiting', 'running', 'undoing');
end $$;
-- Adds the words of an import's next records; false when all have theirs.
create function public.add_words_of_import(asked text, proof bytea) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  a jsonb := access.proven('public.add_words_of_import', asked, proof);
  i public.import;
  last uuid;
begin
  select * into i from public.import where id = (a ->> 'id')::uuid and words_from is not null for update;
  if i.id is null then return false; end if;
  execute format('select public.add_words_of_%s($1, $2, $3)', i.module) into last using i.id, i.words_from, (a ->> 'records')::integer;
  update public.import set words_from = last where id = i.id;
  return last is not null;
end $$;

-- Nobody is told how much there is.
create or replace function public.last_change() returns bigint language plpgsql stable security definer set search_path = '' as $$
begin
  return case when access.user_id() is null then 0 else (select coalesce(max(seq), 0) from public.audit) end;
end $$;

do $$
declare f text;
begin
  foreach f in array array['public.log', 'public.open_audit_run', 'public.close_audit_run', 'access.begin_sign_in', 'access.finish_sign_in',
    'access.log_sign_in', 'access.own_password_hash', 'access.set_password', 'public.import_started', 'public.import_progress',
    'public.import_stopped', 'public.take_back_started', 'public.take_back_progress', 'public.take_back_stopped', 'public.add_words_of_import']
  loop
    execute format('revoke execute on function %s(text, bytea) from public', f);
    execute format('grant execute on function %s(text, bytea) to strongroom_runtime', f);
  end loop;
end $$;
revoke execute on function access.door_secret(), access.proven(text, text, bytea), access.may_administer(integer) from public;
grant execute on function access.may_administer(integer) to strongroom_runtime;
