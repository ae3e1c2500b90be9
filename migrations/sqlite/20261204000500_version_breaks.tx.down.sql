ALTER TABLE release_versions DROP COLUMN breaks;
