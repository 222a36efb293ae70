-- Serves whoever administers users: how many sessions of somebody are open now; nobody else learns a number.
create function access.open_sessions(who integer) returns integer language sql stable security definer set search_path = '' as $$
  select count(*)::integer from access.session s
  where access.permits('users') and s.user_id = who and s.kind = 'browser'
    and s.ended_at is null and now() < s.ends_at and now() < s.idle_until;
$$;
revoke execute on function access.open_sessions(integer) from public;
grant execute on function access.open_sessions(integer) to strongroom_runtime;
