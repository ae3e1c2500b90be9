DROP INDEX track_records_source;
--bun:split
DROP INDEX opportunities_procurement;
--bun:split
ALTER TABLE track_records DROP COLUMN source;
--bun:split
ALTER TABLE opportunities DROP COLUMN insertion;
--bun:split
ALTER TABLE opportunities DROP COLUMN procurement_id;
