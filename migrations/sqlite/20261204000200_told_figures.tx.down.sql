ALTER TABLE released_figures DROP COLUMN told;
