-- A package of a moment is read from a scratch server, which is cleared away when its program was killed.
-- package: written to a folder; makes no database.
ALTER TABLE restores DROP CONSTRAINT restores_kind_check;
ALTER TABLE restores ADD CONSTRAINT restores_kind_check CHECK (kind IN ('switch', 'copy', 'back', 'drill', 'package'));
-- Drills and packages may be made beside a restore; two restores of one tenant may not.
DROP INDEX one_restore_at_a_time;
CREATE UNIQUE INDEX one_restore_at_a_time ON restores (tenant_id) WHERE state = 'running' AND kind NOT IN ('drill', 'package');
