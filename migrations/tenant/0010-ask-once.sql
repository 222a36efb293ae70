-- Who is signed in is asked by every policy of every statement: each function asks it with one query of its own,
-- where it called others that asked again. The condition stands once, in a view that only they read.
create view access.entered as
  select s.id as session_id, s.kind, s.last_seen_at, s.user_id, u.name, u.full_name, u.language, u.level
  from access.session s join access.users u on u.id = s.user_id
  where s.token_hash = sha256(convert_to(current_setting('strongroom.token', true), 'UTF8'))
    and s.ended_at is null and now() < s.ends_at and now() < s.idle_until and u.active and u.level > 1;

create or replace function access.user_id() returns integer language plpgsql stable security definer set search_path = '' as $$
begin
  return (select e.user_id from access.entered e);
end $$;

create or replace function access.everywhere() returns boolean language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce((select r.everywhere from access.entered e join access.reach r on r.user_id = e.user_id), false);
end $$;

create or replace function access.territories() returns integer[] language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce((select r.territories from access.entered e join access.reach r on r.user_id = e.user_id), '{}');
end $$;

create or replace function access.scope(module text, verb text) returns text language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce((select l.rights -> module ->> verb from access.entered e join access.level l on l.number = e.level), 'none');
end $$;

create or replace function access.everyone(module text, verb text) returns boolean language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce((select l.rights -> module ->> verb = 'all' from access.entered e join access.level l on l.number = e.level), false);
end $$;

create or replace function access.people(module text, verb text) returns integer[] language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce((select case l.rights -> module ->> verb when 'group' then r.colleagues when 'own' then array[e.user_id] end
    from access.entered e join access.level l on l.number = e.level join access.reach r on r.user_id = e.user_id), '{}');
end $$;

create or replace function access.permits(permission text) returns boolean language plpgsql stable security definer set search_path = '' as $$
begin
  return exists (select from access.entered e join access.level l on l.number = e.level where permission = any (l.permissions));
end $$;

create or replace function access.enter(token text) returns jsonb language plpgsql security definer set search_path = '' as $$
begin
  perform set_config('strongroom.token', token, true);
  return (select jsonb_build_object('userId', e.user_id, 'name', e.name, 'fullName', e.full_name, 'language', e.language,
      'level', l.number, 'levelName', l.name, 'rights', l.rights, 'permissions', l.permissions,
      'everywhere', r.everywhere, 'territories', r.territories, 'colleagues', r.colleagues,
      'sessionId', e.session_id, 'seenAt', e.last_seen_at, 'kind', e.kind)
    from access.entered e join access.level l on l.number = e.level join access.reach r on r.user_id = e.user_id);
end $$;
