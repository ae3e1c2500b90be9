ALTER TABLE release_requests DROP COLUMN preview;
