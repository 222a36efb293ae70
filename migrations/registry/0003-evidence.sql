-- What each check of a control saw. A row is never changed and never removed; its digest covers the row before it,
-- so that one that was changed past this program, or removed, is found.
CREATE TABLE evidence (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  control text NOT NULL,
  version integer NOT NULL,
  at timestamptz NOT NULL,
  milliseconds integer NOT NULL,
  -- Null when the check erred or took too long.
  holds boolean,
  expected text NOT NULL,
  observed jsonb NOT NULL,
  digest text NOT NULL
);
CREATE INDEX evidence_latest ON evidence (control, seq DESC);

CREATE FUNCTION evidence_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'evidence is never changed or removed' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER evidence_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_stays();
