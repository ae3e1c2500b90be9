-- Whom a released figure was asked and who had not answered: where nobody had, it is
-- awaited, and not "not collected".
ALTER TABLE released_figures ADD COLUMN awaited integer NOT NULL DEFAULT 0;
