DROP TABLE release_version_years;
--bun:split
DROP TABLE release_snapshots;
