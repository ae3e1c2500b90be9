-- Letters share their ledgers: what another letter told is written in the ledger of each,
-- without a letter of its own.
ALTER TABLE search_news ALTER COLUMN letter_id DROP NOT NULL;
--bun:split
ALTER TABLE bulletin_told ALTER COLUMN letter_id DROP NOT NULL;
