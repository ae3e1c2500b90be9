ALTER TABLE search_news DROP COLUMN event_id;
--bun:split
ALTER TABLE search_news DROP COLUMN after_event;
--bun:split
ALTER TABLE searches DROP COLUMN news_since;
