ALTER TABLE proposals DROP COLUMN reminded_at;
--bun:split
DROP TABLE card_letters;
