-- A moment beside the present shows a record as it was, but only to who may see it today: so the present keeps where each
-- record went that ever moved, and a moment is given that with the rights of today. Nobody but the host reads it.

create table public.record_move (
  record_id uuid primary key,
  module text not null,
  -- How often it moved; 0 in a moment that found it elsewhere when it was opened.
  moves integer not null,
  territory_id integer not null,
  responsible_id integer,
  second_responsible_id integer
);
create index record_move_module on public.record_move (module);
alter table public.record_move enable row level security;
alter table public.record_move force row level security;
create policy owner on public.record_move to strongroom_owner using (true);

-- How often the present transaction moved a record: nobody else can know of it yet.
create function public.moved_by_oneself() returns bigint language sql stable set search_path = '' as $$
  select coalesce(nullif(current_setting('strongroom.moved', true), ''), '0')::bigint;
$$;
revoke execute on function public.moved_by_oneself() from public;

create function public.note_move() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into public.record_move as m values (new.id, tg_table_name, 1, new.territory_id, new.responsible_id, new.second_responsible_id)
  on conflict (record_id) do update set moves = m.moves + 1, territory_id = excluded.territory_id,
    responsible_id = excluded.responsible_id, second_responsible_id = excluded.second_responsible_id;
  perform set_config('strongroom.moved', (public.moved_by_oneself() + 1)::text, true);
  return null;
end $$;
revoke execute on function public.note_move() from public;

do $$
declare m text;
begin
  foreach m in array array['organisation', 'person', 'product', 'opportunity', 'activity'] loop
    execute format('create trigger moved after update on public.%I for each row when (old.territory_id <> new.territory_id
      or old.responsible_id is distinct from new.responsible_id or old.second_responsible_id is distinct from new.second_responsible_id)
      execute function public.note_move()', m);
  end loop;
end $$;

-- How much was erased for good, and how often records moved: a moment that knows less of what was
-- committed is not shown until it knows it. For whoever is signed in.
create function public.standing() returns text language plpgsql stable security definer set search_path = '' as $$
begin
  if access.user_id() is null then return ''; end if;
  return (select count(*) from public.erasure) || ' ' || (select coalesce(sum(moves), 0) - public.moved_by_oneself() from public.record_move);
end $$;
drop function public.erased_count();
revoke execute on function public.standing() from public;
grant execute on function public.standing() to strongroom_runtime;
