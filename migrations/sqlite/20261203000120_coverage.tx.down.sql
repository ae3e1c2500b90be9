ALTER TABLE released_figures DROP COLUMN replied;
--bun:split
ALTER TABLE released_figures DROP COLUMN frame;
