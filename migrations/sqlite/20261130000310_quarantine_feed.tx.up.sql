-- The source that a refused record came from, so that those of each source that wait can be counted.
ALTER TABLE notice_quarantine ADD COLUMN feed text NOT NULL DEFAULT '';
--bun:split
UPDATE notice_quarantine SET feed = COALESCE((SELECT min(s.name) FROM notice_sources s WHERE substr(notice_quarantine.path, 1, length(s.url)) = s.url), '');
--bun:split
CREATE INDEX notice_quarantine_feed ON notice_quarantine (feed, state);
--bun:split
ALTER TABLE notice_sources DROP COLUMN quarantined;
