-- What the tenant's login role writes has a measure, in bytes of a row, well above what the program would write: whoever
-- reads it, be it the program for a colleague, reads no more. Times are of four-digit years and numbers are numbers.
-- What was kept before is not looked at.

do $$
declare
  m record;
  sizes text;
  finite text;
begin
  for m in select * from (values ('public.organisation', 100000), ('public.person', 100000), ('public.product', 100000),
    ('public.opportunity', 100000), ('public.activity', 100000), ('public.saved_view', 100000), ('public.idempotency', 10000),
    ('public.import', 16000000), ('public.import_file', 2000000), ('public.import_report', 64000000), ('public.import_memory', 16000000),
    ('public.take_back', 10000), ('public.take_back_record', 1000000), ('access.users', 10000), ('access.territory', 1000),
    ('access.groups', 1000)) measures (of, bytes_max)
  loop
    select string_agg(format('coalesce(%s(%I), 0)', case when t.typcategory = 'S' or t.typname = 'bytea' then 'octet_length' else 'pg_column_size' end,
        a.attname), ' + ') filter (where t.typlen = -1 and t.typname <> 'numeric'),
      string_agg(case t.typname when 'numeric' then format('%I <> ''NaN''', a.attname)
        else format('%1$I between ''0001-01-02'' and ''9999-12-30''', a.attname) end, ' and ') filter (where t.typname in ('numeric', 'date', 'timestamptz'))
      into sizes, finite
      from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
      where a.attrelid = m.of::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '';
    execute format('alter table %s add constraint within_measure check (%s) not valid', m.of,
      concat_ws(' and ', format('%s <= %s', sizes, m.bytes_max), finite));
  end loop;
end $$;
