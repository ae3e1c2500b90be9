ALTER TABLE notice_sources ADD COLUMN quarantined bigint NOT NULL DEFAULT 0;
--bun:split
DROP INDEX notice_quarantine_feed;
--bun:split
ALTER TABLE notice_quarantine DROP COLUMN feed;
