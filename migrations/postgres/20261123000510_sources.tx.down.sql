ALTER TABLE notice_runs DROP COLUMN source;
--bun:split
DROP TABLE notice_sources;
