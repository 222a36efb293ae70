-- What tenants ask of their backups, and what the host decided. An approved request is worked off by the program.

ALTER TABLE tenants ADD COLUMN restores_without_approval boolean NOT NULL DEFAULT false;

CREATE TABLE restore_requests (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants,
  -- switch: takes the tenant's place · copy: a tenant of its own under new_key · back: undoes the switch of back_from
  kind text NOT NULL CHECK (kind IN ('switch', 'copy', 'back')),
  target timestamptz,
  new_key text,
  back_from uuid REFERENCES restores,
  reason text NOT NULL,
  state text NOT NULL CHECK (state IN ('asked', 'approved', 'running', 'done', 'failed', 'refused', 'cancelled')),
  asked_by_user integer NOT NULL,
  asked_by text NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  decided_by text,
  decided_at timestamptz,
  -- Why it was refused, in the host's words to the tenant.
  because text,
  -- Chosen when the work begins, before there is a row in restores.
  restore_id uuid UNIQUE,
  attempts integer NOT NULL DEFAULT 0,
  -- Why it failed, for the host alone.
  failure text,
  ended_at timestamptz,
  CHECK ((kind = 'back') = (back_from IS NOT NULL) AND (kind = 'back') = (target IS NULL)),
  CHECK ((kind = 'copy') = (new_key IS NOT NULL))
);
CREATE UNIQUE INDEX one_open_request ON restore_requests (tenant_id) WHERE state IN ('asked', 'approved', 'running');
CREATE INDEX requests_of_tenant ON restore_requests (tenant_id, asked_at);
