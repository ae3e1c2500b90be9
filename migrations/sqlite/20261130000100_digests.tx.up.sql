-- The news of saved searches: from when a search has news at all, and which
-- events of an opportunity a letter told.
ALTER TABLE searches ADD COLUMN news_since text NOT NULL DEFAULT '1970-01-01 00:00:00+00:00';
--bun:split
UPDATE searches SET news_since = told_until;
--bun:split
ALTER TABLE search_news ADD COLUMN after_event integer NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE search_news ADD COLUMN event_id integer NOT NULL DEFAULT 0;
