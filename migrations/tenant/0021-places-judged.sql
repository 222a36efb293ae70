-- A place is not changed by a way round: not by somebody's home territory, not by the tree of territories, and no ring
-- of organisations or territories is closed by two who do not see each other's half.

-- Whoever is limited to territories gives and takes no home outside of them. A user without any is nowhere.
create function access.home_within_own() returns trigger language plpgsql set search_path = '' as $$
declare
  homes integer[] := array_remove(case when tg_op = 'UPDATE' then array[old.home_territory, new.home_territory]
    else array[new.home_territory] end, 0);
begin
  if current_user = 'strongroom_owner' or (tg_op = 'UPDATE' and old.home_territory = new.home_territory) then return new; end if;
  if not access.everywhere() and not homes <@ access.territories() then
    raise exception 'a home beyond his own territories' using errcode = 'SR004', column = 'homeTerritory';
  end if;
  return new;
end $$;
create trigger home_within_own before insert or update of home_territory on access.users
  for each row execute function access.home_within_own();

-- What stands in a user's home moves with it: each record is reassigned by whoever moves the home, and judged so.
create or replace function public.move_home() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  judged boolean := access.user_id() is not null and not (access.everywhere()
    and access.everyone('organisation', 'reassign') and access.everyone('opportunity', 'reassign')
    and access.everyone('activity', 'reassign') and access.everyone('product', 'reassign') and access.everyone('person', 'reassign'));
begin
  if judged then perform set_config('strongroom.judged', 'yes', true); end if;
  update public.organisation set name = name where responsible_id = new.id and not territory_set;
  update public.opportunity set name = name where responsible_id = new.id and not territory_set;
  update public.activity set name = name where responsible_id = new.id and not territory_set;
  update public.product set name = name where responsible_id = new.id and not territory_set;
  if judged then perform set_config('strongroom.judged', '', true); end if;
  return null;
end $$;

-- Who is asked for by a walk upwards must not change while it is walked: one at a time, and each sees what is committed.
create function access.walk_alone(tree integer) returns void language plpgsql set search_path = '' as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'a tree is changed by what is committed only' using errcode = '40001';
  end if;
  perform pg_catalog.pg_advisory_xact_lock(7302, tree);
end $$;

create function access.keep_tree() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform access.walk_alone(1);
  if exists (with recursive up (id) as (
      select new.parent_id union select t.parent_id from up join access.territory t on t.id = up.id where t.parent_id is not null)
    select from up where id = new.id) then
    raise exception 'a territory below itself' using errcode = 'SR003', column = 'parent';
  end if;
  return null;
end $$;
create trigger keep_tree after insert or update of parent_id on access.territory
  for each row when (new.parent_id is not null) execute function access.keep_tree();

-- Whoever is limited adds below his own and moves nothing: who sees what follows the tree.
create function access.tree_within_own() returns trigger language plpgsql set search_path = '' as $$
begin
  if current_user = 'strongroom_owner' or access.everywhere()
    or (tg_op = 'INSERT' and coalesce(new.parent_id, 0) = any (access.territories())) then
    return coalesce(new, old);
  end if;
  raise exception 'a tree beyond his own territories' using errcode = 'SR004', column = 'parent';
end $$;
create trigger tree_within_own before insert or update or delete on access.territory
  for each row execute function access.tree_within_own();

-- Parents the asker does not see count as much as those he sees.
create function public.keep_parents() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform access.walk_alone(2);
  if exists (with recursive up (id) as (
      select new.parent_id union select o.parent_id from up join public.organisation o on o.id = up.id where o.parent_id is not null)
    select from up where id = new.id) then
    raise exception 'an organisation below itself' using errcode = 'SR003', column = 'parent';
  end if;
  return null;
end $$;
create trigger keep_parents after insert or update of parent_id on public.organisation
  for each row when (new.parent_id is not null) execute function public.keep_parents();

revoke execute on function access.home_within_own(), access.walk_alone(integer), access.keep_tree(), access.tree_within_own(),
  public.keep_parents() from public;
