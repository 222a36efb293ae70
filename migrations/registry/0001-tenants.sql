-- The registry knows which tenant has which database. Nobody but the host's program may enter it.

CREATE TABLE tenants (
  id uuid PRIMARY KEY,
  key text NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' AND length(key) <= 40),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  host text NOT NULL UNIQUE CHECK (host = lower(host)),
  database_name text NOT NULL UNIQUE,
  role_name text NOT NULL UNIQUE,
  sealed_password text NOT NULL,
  -- A row is 'creating' from before its database exists until it is whole, so that no database is ever orphaned.
  state text NOT NULL CHECK (state IN ('creating', 'active', 'suspended')),
  schema_version integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Keys and names of databases and roles that were used once and are never used again.
CREATE TABLE retired_names (
  name text PRIMARY KEY,
  retired_at timestamptz NOT NULL DEFAULT now()
);
