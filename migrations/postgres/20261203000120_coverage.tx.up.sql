ALTER TABLE released_figures ADD COLUMN frame bigint NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE released_figures ADD COLUMN replied bigint NOT NULL DEFAULT 0;
