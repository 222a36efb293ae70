-- What hangs on a person alone follows the organisation of that person (design: the territory is kept when the
-- organisation or the person above it changes).
create or replace function public.place_record() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  above public.organisation;
  follows uuid;
begin
  if tg_table_name in ('person', 'opportunity', 'activity') then
    follows := new.organisation_id;
    if tg_table_name <> 'person' and follows is null then
      follows := (select p.organisation_id from public.person p where p.id = new.person_id);
    end if;
    select * into above from public.organisation where id = follows;
  end if;
  if tg_table_name = 'person' then
    new.territory_id := above.territory_id;
    new.responsible_id := above.responsible_id;
    new.second_responsible_id := above.second_responsible_id;
  elsif not new.territory_set then
    new.territory_id := coalesce(nullif(above.territory_id, 0),
      (select home_territory from access.users where id = new.responsible_id), 0);
  end if;
  return new;
end $$;

create function public.move_followers_of_person() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.opportunity set person_id = person_id where person_id = new.id and organisation_id is null and not territory_set;
  update public.activity set person_id = person_id where person_id = new.id and organisation_id is null and not territory_set;
  return null;
end $$;
revoke execute on function public.move_followers_of_person() from public;
create trigger followers after update on public.person for each row when (old.territory_id <> new.territory_id)
  execute function public.move_followers_of_person();

-- Records that were placed before.
update public.opportunity set person_id = person_id where person_id is not null and organisation_id is null and not territory_set;
update public.activity set person_id = person_id where person_id is not null and organisation_id is null and not territory_set;
