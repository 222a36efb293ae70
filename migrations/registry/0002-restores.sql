-- Every restore of a tenant's database, and every drill: what was asked, how far it is, what it found.

CREATE TABLE restores (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants,
  -- switch: takes the tenant's place · copy: a tenant of its own · back: undoes a switch · drill: compared and dropped
  kind text NOT NULL CHECK (kind IN ('switch', 'copy', 'back', 'drill')),
  state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  target timestamptz,
  step text NOT NULL DEFAULT 'waiting',
  -- The database that is made, or for 'back' the one returned to.
  database_name text NOT NULL,
  -- The database that was in use before. It is kept until then under its own name.
  replaced_database text,
  kept_until timestamptz,
  dropped_at timestamptz,
  requested_by text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  -- Set in the transaction that puts the tenant on the database.
  switched_at timestamptz,
  detail jsonb NOT NULL DEFAULT '{}',
  failure text
);
-- Drills may run beside a restore; two restores of one tenant may not.
CREATE UNIQUE INDEX one_restore_at_a_time ON restores (tenant_id) WHERE state = 'running' AND kind <> 'drill';
CREATE INDEX restores_of_tenant ON restores (tenant_id, started_at);
