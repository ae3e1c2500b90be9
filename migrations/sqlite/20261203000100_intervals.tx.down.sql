ALTER TABLE released_figures DROP COLUMN high;
--bun:split
ALTER TABLE released_figures DROP COLUMN low;
