ALTER TABLE lots DROP COLUMN taken_at;
--bun:split
ALTER TABLE lots DROP COLUMN taken;
