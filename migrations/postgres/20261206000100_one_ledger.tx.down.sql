DELETE FROM bulletin_told WHERE letter_id IS NULL;
--bun:split
ALTER TABLE bulletin_told ALTER COLUMN letter_id SET NOT NULL;
--bun:split
DELETE FROM search_news WHERE letter_id IS NULL;
--bun:split
ALTER TABLE search_news ALTER COLUMN letter_id SET NOT NULL;
