ALTER TABLE lots DROP COLUMN widened_at;
--bun:split
ALTER TABLE lots DROP COLUMN wider;
