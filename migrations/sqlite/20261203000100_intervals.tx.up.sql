ALTER TABLE released_figures ADD COLUMN low integer;
--bun:split
ALTER TABLE released_figures ADD COLUMN high integer;
