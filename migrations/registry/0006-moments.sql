-- moment: a tenant's database as it was, open beside the present under its own name until kept_until, and only read.
ALTER TABLE restores DROP CONSTRAINT restores_kind_check;
ALTER TABLE restores ADD CONSTRAINT restores_kind_check
  CHECK (kind IN ('switch', 'copy', 'back', 'drill', 'package', 'moment'));
ALTER TABLE restore_requests DROP CONSTRAINT restore_requests_kind_check;
ALTER TABLE restore_requests ADD CONSTRAINT restore_requests_kind_check CHECK (kind IN ('switch', 'copy', 'back', 'moment'));
CREATE INDEX open_moments ON restores (tenant_id) WHERE kind = 'moment' AND state = 'done' AND dropped_at IS NULL;
