-- What a user's browser keeps of his unsaved typing is sealed by a key of his own, handed only to his sessions.
alter table access.users
  add column draft_key bytea not null default uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());

-- Serves whoever is signed in, with his own key; nobody gets none.
create function access.own_draft_key() returns text language sql stable security definer set search_path = '' as $$
  select encode(draft_key, 'base64') from access.users where id = access.user_id();
$$;
revoke execute on function access.own_draft_key() from public;
grant execute on function access.own_draft_key() to strongroom_runtime;
