ALTER TABLE released_figures ADD COLUMN frame integer NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE released_figures ADD COLUMN replied integer NOT NULL DEFAULT 0;
