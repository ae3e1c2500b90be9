-- What comes after an award: hours of insertion to fill, told by the notices of
-- a procurement, and the references that its holders get of it.
ALTER TABLE opportunities ADD COLUMN procurement_id integer REFERENCES opportunities (id);
--bun:split
ALTER TABLE opportunities ADD COLUMN insertion text;
--bun:split
ALTER TABLE track_records ADD COLUMN source text NOT NULL DEFAULT '';
--bun:split
CREATE INDEX opportunities_procurement ON opportunities (procurement_id, id);
--bun:split
CREATE INDEX track_records_source ON track_records (source, organisation_id);
