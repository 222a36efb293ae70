-- The records people work on, what is derived from them, and the log of what was done.

create table public.stage (
  key text primary key,
  position integer not null unique,
  probability integer not null check (probability between 0 and 100),
  outcome text not null check (outcome in ('open', 'won', 'lost')),
  words jsonb not null
);
insert into public.stage values
  ('prospecting', 1, 10, 'open', '{"en": "Prospecting", "da": "Opsøgning"}'),
  ('engaging', 2, 40, 'open', '{"en": "Engaging", "da": "I dialog"}'),
  ('won', 3, 100, 'won', '{"en": "Won", "da": "Vundet"}'),
  ('lost', 4, 0, 'lost', '{"en": "Lost", "da": "Tabt"}');
grant select on public.stage to strongroom_runtime;

-- Every record carries what its policy needs, so that no policy ever joins.
create table public.organisation (
  id uuid primary key,
  version integer not null default 1,
  territory_id integer not null default 0 references access.territory,
  territory_set boolean not null default false,
  responsible_id integer references access.users,
  second_responsible_id integer references access.users,
  created_at timestamptz not null default now(),
  created_by integer references access.users,
  changed_at timestamptz not null default now(),
  changed_by integer references access.users,
  deleted_at timestamptz,
  import_id uuid,
  name text collate "C" not null,
  sector text,
  year_established integer,
  revenue numeric(14, 2),
  employees integer,
  office_location text,
  parent_id uuid references public.organisation,
  website text,
  phone text,
  email text,
  address text,
  postcode text,
  city text,
  notes text
);

create table public.person (
  id uuid primary key,
  version integer not null default 1,
  territory_id integer not null default 0 references access.territory,
  territory_set boolean not null default false,
  responsible_id integer references access.users,
  second_responsible_id integer references access.users,
  created_at timestamptz not null default now(),
  created_by integer references access.users,
  changed_at timestamptz not null default now(),
  changed_by integer references access.users,
  deleted_at timestamptz,
  import_id uuid,
  first_name text,
  last_name text not null,
  name text collate "C" generated always as (case when first_name is null then last_name else first_name || ' ' || last_name end) stored,
  organisation_id uuid not null references public.organisation,
  title text,
  email text,
  phone text,
  notes text
);

create table public.product (
  id uuid primary key,
  version integer not null default 1,
  territory_id integer not null default 0 references access.territory,
  territory_set boolean not null default false,
  responsible_id integer references access.users,
  second_responsible_id integer references access.users,
  created_at timestamptz not null default now(),
  created_by integer references access.users,
  changed_at timestamptz not null default now(),
  changed_by integer references access.users,
  deleted_at timestamptz,
  import_id uuid,
  name text collate "C" not null,
  series text,
  price numeric(14, 2),
  currency text,
  notes text
);

create table public.opportunity (
  id uuid primary key,
  version integer not null default 1,
  territory_id integer not null default 0 references access.territory,
  territory_set boolean not null default false,
  responsible_id integer references access.users,
  second_responsible_id integer references access.users,
  created_at timestamptz not null default now(),
  created_by integer references access.users,
  changed_at timestamptz not null default now(),
  changed_by integer references access.users,
  deleted_at timestamptz,
  import_id uuid,
  name text collate "C" not null,
  reference text,
  organisation_id uuid references public.organisation,
  person_id uuid references public.person,
  product_id uuid references public.product,
  stage text not null references public.stage,
  value numeric(14, 2),
  currency text,
  engaged_on date,
  closes_on date,
  notes text
);

create table public.activity (
  id uuid primary key,
  version integer not null default 1,
  territory_id integer not null default 0 references access.territory,
  territory_set boolean not null default false,
  responsible_id integer references access.users,
  second_responsible_id integer references access.users,
  created_at timestamptz not null default now(),
  created_by integer references access.users,
  changed_at timestamptz not null default now(),
  changed_by integer references access.users,
  deleted_at timestamptz,
  import_id uuid,
  name text collate "C" not null,
  kind text not null check (kind in ('task', 'call', 'meeting')),
  due_at timestamptz,
  done_at timestamptz,
  organisation_id uuid references public.organisation,
  person_id uuid references public.person,
  opportunity_id uuid references public.opportunity,
  notes text
);

-- A list is one ordered scan (all rights), or a merge of one per territory or per responsible:
-- each shape has an index that ends with the order of the list.
do $$
declare m text;
begin
  foreach m in array array['organisation', 'person', 'product', 'opportunity', 'activity'] loop
    execute format('create index %1$s_by_name on public.%1$I (name, id) include (territory_id, responsible_id, second_responsible_id) where deleted_at is null', m);
    execute format('create index %1$s_by_territory on public.%1$I (territory_id, name, id) include (responsible_id, second_responsible_id) where deleted_at is null', m);
    execute format('create index %1$s_by_responsible on public.%1$I (responsible_id, name, id) include (territory_id) where deleted_at is null', m);
    execute format('create index %1$s_by_second on public.%1$I (second_responsible_id, name, id) include (territory_id) where deleted_at is null and second_responsible_id is not null', m);
    execute format('create index %1$s_in_bin on public.%1$I (deleted_at) where deleted_at is not null', m);
    execute format('create index %1$s_of_import on public.%1$I (import_id) where import_id is not null', m);
  end loop;
end $$;
create index opportunity_by_close on public.opportunity (closes_on, id) where deleted_at is null;
create index opportunity_by_value on public.opportunity (value, id) where deleted_at is null;
create index activity_by_due on public.activity (due_at, id) where deleted_at is null;
create index organisation_parent on public.organisation (parent_id) where parent_id is not null;
create index person_organisation on public.person (organisation_id);
create index opportunity_organisation on public.opportunity (organisation_id) where organisation_id is not null;
create index opportunity_person on public.opportunity (person_id) where person_id is not null;
create index opportunity_product on public.opportunity (product_id) where product_id is not null;
create index opportunity_stage on public.opportunity (stage, territory_id) include (value, currency) where deleted_at is null;
create index activity_organisation on public.activity (organisation_id) where organisation_id is not null;
create index activity_person on public.activity (person_id) where person_id is not null;
create index activity_opportunity on public.activity (opportunity_id) where opportunity_id is not null;
create index activity_open on public.activity (responsible_id, due_at) where deleted_at is null and done_at is null;

-- Search: the words of every record, reached by module and word, by territory, by person.
create table public.search_word (
  record_id uuid not null,
  module text not null,
  word text collate "C" not null,
  territory_id integer not null,
  responsible_id integer,
  second_responsible_id integer
);
create index search_word_record on public.search_word (record_id);
create index search_word_module on public.search_word (module, word, record_id);
create index search_word_territory on public.search_word (territory_id, module, word, record_id);
create index search_word_responsible on public.search_word (responsible_id, module, word, record_id) include (territory_id)
  where responsible_id is not null;
create index search_word_second on public.search_word (second_responsible_id, module, word, record_id) include (territory_id)
  where second_responsible_id is not null;

create function public.words_of(shown text) returns text[] language sql immutable set search_path = '' as $$
  select coalesce(array_agg(distinct w), '{}')
  from regexp_split_to_table(lower(left(shown, 1000)), '[^[:alnum:]]+') w where w <> '';
$$;

-- Who stands behind a record: derived when it is made and whenever what it hangs on moves.
create function public.place_record() returns trigger language plpgsql security definer set search_path = '' as $$
declare above public.organisation;
begin
  if tg_table_name in ('person', 'opportunity', 'activity') then
    select * into above from public.organisation where id = new.organisation_id;
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

create function public.move_followers() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.person set organisation_id = organisation_id where organisation_id = new.id;
  update public.opportunity set organisation_id = organisation_id where organisation_id = new.id and not territory_set;
  update public.activity set organisation_id = organisation_id where organisation_id = new.id and not territory_set;
  return null;
end $$;

create function public.move_home() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.organisation set name = name where responsible_id = new.id and not territory_set;
  update public.opportunity set name = name where responsible_id = new.id and not territory_set;
  update public.activity set name = name where responsible_id = new.id and not territory_set;
  update public.product set name = name where responsible_id = new.id and not territory_set;
  return null;
end $$;
create trigger move_home after update of home_territory on access.users
  for each row when (new.home_territory <> old.home_territory) execute function public.move_home();

create function public.keep_words() returns trigger language plpgsql security definer set search_path = '' as $$
declare shown text;
begin
  if tg_op = 'UPDATE' then
    delete from public.search_word where record_id = new.id;
  end if;
  if new.deleted_at is null then
    shown := case tg_table_name
      when 'organisation' then concat_ws(' ', new.name, to_jsonb(new) ->> 'city', to_jsonb(new) ->> 'email')
      when 'person' then concat_ws(' ', new.name, to_jsonb(new) ->> 'email')
      when 'opportunity' then concat_ws(' ', new.name, to_jsonb(new) ->> 'reference')
      else new.name end;
    insert into public.search_word
      select new.id, tg_table_name, w, new.territory_id, new.responsible_id, new.second_responsible_id
      from unnest(public.words_of(shown)) w;
  end if;
  return null;
end $$;

-- A person's change gets its maker, its time and a version; what merely follows an organisation keeps them.
create function public.stamp_record() returns trigger language plpgsql set search_path = '' as $$
begin
  if current_user <> 'strongroom_owner' then
    new.changed_by := access.user_id();
    new.changed_at := now();
    if tg_op = 'INSERT' then
      new.created_by := new.changed_by;
      new.created_at := now();
      new.version := 1;
    else
      new.created_by := old.created_by;
      new.created_at := old.created_at;
      new.id := old.id;
      new.version := old.version + 1;
    end if;
  end if;
  return new;
end $$;

do $$
declare m text;
begin
  foreach m in array array['organisation', 'person', 'product', 'opportunity', 'activity'] loop
    execute format('create trigger b_stamp before insert or update on public.%I for each row execute function public.stamp_record()', m);
    execute format('create trigger c_place before insert or update on public.%I for each row execute function public.place_record()', m);
    execute format('create trigger words_added after insert on public.%I for each row execute function public.keep_words()', m);
    execute format('create trigger words_changed after update on public.%I for each row when (
      old.name is distinct from new.name or old.territory_id <> new.territory_id or old.deleted_at is distinct from new.deleted_at
      or old.responsible_id is distinct from new.responsible_id or old.second_responsible_id is distinct from new.second_responsible_id
      %s) execute function public.keep_words()', m,
      case m when 'organisation' then 'or old.city is distinct from new.city or old.email is distinct from new.email'
        when 'person' then 'or old.email is distinct from new.email'
        when 'opportunity' then 'or old.reference is distinct from new.reference' else '' end);
    execute format('grant select, insert, update on public.%I to strongroom_runtime', m);
  end loop;
end $$;
create trigger followers after update on public.organisation for each row when (
  old.territory_id <> new.territory_id or old.responsible_id is distinct from new.responsible_id
  or old.second_responsible_id is distinct from new.second_responsible_id) execute function public.move_followers();

-- Everything done and refused. The runtime role can only add.
create table public.audit (
  seq bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  user_id integer,
  session_id uuid,
  request_id uuid,
  ip inet,
  action text not null,
  outcome text not null,
  module text,
  record_id uuid,
  detail jsonb
);
create index audit_record on public.audit (record_id, seq) where record_id is not null;
alter table public.audit enable row level security;
alter table public.audit force row level security;
create policy owner on public.audit to strongroom_owner using (true);
create policy added on public.audit for insert to strongroom_runtime with check (true);
grant insert on public.audit to strongroom_runtime;

-- A request that is sent twice is answered with its first result.
create table public.idempotency (
  user_id integer not null references access.users on delete cascade,
  key uuid not null,
  action text not null,
  input_hash bytea not null,
  result jsonb not null,
  at timestamptz not null default now(),
  primary key (user_id, key)
);
create table public.saved_view (
  user_id integer not null references access.users on delete cascade,
  module text not null,
  columns text[],
  sort text,
  primary key (user_id, module)
);
do $$
declare t text;
begin
  foreach t in array array['idempotency', 'saved_view'] loop
    execute format('alter table public.%I enable row level security', t);
    execute format('alter table public.%I force row level security', t);
    execute format('create policy own on public.%I to strongroom_runtime using (user_id = (select access.user_id())) with check (user_id = (select access.user_id()))', t);
    execute format('grant select, insert, update, delete on public.%I to strongroom_runtime', t);
  end loop;
end $$;
