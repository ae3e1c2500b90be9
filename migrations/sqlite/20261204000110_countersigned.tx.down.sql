ALTER TABLE invitations DROP COLUMN countersigned_by;
--bun:split
ALTER TABLE invitations DROP COLUMN countersigned_at;
--bun:split
ALTER TABLE invitations DROP COLUMN alone;
--bun:split
ALTER TABLE organisations DROP COLUMN countersigned_by;
--bun:split
ALTER TABLE organisations DROP COLUMN countersigned_at;
--bun:split
ALTER TABLE organisations DROP COLUMN address_by;
--bun:split
ALTER TABLE organisations DROP COLUMN opened_by;
