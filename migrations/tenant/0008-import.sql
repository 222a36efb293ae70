-- Import: a file on its way to becoming records, what was said about it, and what was not taken.

create table public.import (
  id uuid primary key,
  user_id integer not null references access.users,
  module text not null,
  file_name text not null,
  state text not null default 'mapping' check (state in ('mapping', 'waiting', 'running', 'done', 'failed', 'undoing', 'undone')),
  dialect jsonb not null,
  columns jsonb not null,
  mapping jsonb not null,
  corrections jsonb not null default '{}',
  rows integer not null,
  done integer not null default 0,
  created integer not null default 0,
  refused integer not null default 0,
  users_created integer[] not null default '{}',
  error text,
  created_at timestamptz not null default now()
);
create index import_of_user on public.import (user_id, created_at);

-- The bytes as they came, in parts of a mebibyte; gone once they are records.
create table public.import_file (
  import_id uuid not null references public.import on delete cascade,
  part integer not null,
  content bytea not null,
  primary key (import_id, part)
);
-- Stored as it is, so that the beginning can be read without the rest.
alter table public.import_file alter column content set storage external;

create table public.import_report (
  import_id uuid not null references public.import on delete cascade,
  part integer generated always as identity,
  lines text not null,
  primary key (import_id, part)
);

-- What a user said about the columns and names of his files, for the next one.
create table public.import_memory (
  user_id integer not null references access.users on delete cascade,
  module text not null,
  mapping jsonb not null,
  corrections jsonb not null,
  primary key (user_id, module)
);

do $$
declare
  t text;
  own text;
begin
  foreach t in array array['import', 'import_memory', 'import_file', 'import_report'] loop
    own := case when t in ('import', 'import_memory') then 'user_id = (select access.user_id()) and (select access.permits(''import''))'
      else 'exists (select from public.import i where i.id = import_id)' end;
    execute format('alter table public.%I enable row level security', t);
    execute format('alter table public.%I force row level security', t);
    execute format('create policy owner on public.%I to strongroom_owner using (true)', t);
    execute format('create policy own on public.%I to strongroom_runtime using (%s) with check (%s)', t, own, own);
    execute format('grant select, insert, update, delete on public.%I to strongroom_runtime', t);
  end loop;
end $$;

-- How far a job is, told while its one transaction is still open, and why it stopped when its owner may do nothing more.
create function public.import_started(which uuid) returns void language sql security definer set search_path = '' as $$
  update public.import set state = case state when 'waiting' then 'running' else state end, done = 0, error = null
  where id = which and state in ('waiting', 'running', 'undoing');
$$;
create function public.import_progress(which uuid, rows_done integer, rows_refused integer) returns void
  language sql security definer set search_path = '' as $$
  update public.import set done = rows_done, refused = rows_refused where id = which and state = 'running';
$$;
create function public.import_stopped(which uuid, reason text) returns void language sql security definer set search_path = '' as $$
  update public.import set state = case state when 'undoing' then 'done' else 'failed' end, error = left(reason, 500)
  where id = which and state in ('waiting', 'running', 'undoing');
$$;
revoke execute on function public.import_started(uuid), public.import_progress(uuid, integer, integer), public.import_stopped(uuid, text) from public;
grant execute on function public.import_started(uuid), public.import_progress(uuid, integer, integer), public.import_stopped(uuid, text)
  to strongroom_runtime;

-- A file may name a subsidiary before its parent.
alter table public.organisation alter constraint organisation_parent_id_fkey deferrable initially immediate;

-- An import is read back in the order of its records when it is undone.
do $$
declare m text;
begin
  foreach m in array array['organisation', 'person', 'product', 'opportunity', 'activity'] loop
    execute format('drop index public.%I', m || '_of_import');
    execute format('create index %1$s_of_import on public.%1$I (import_id, id) where import_id is not null', m);
  end loop;
end $$;
