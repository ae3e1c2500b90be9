ALTER TABLE released_figures ADD COLUMN low bigint;
--bun:split
ALTER TABLE released_figures ADD COLUMN high bigint;
