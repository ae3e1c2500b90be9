-- A release of chosen territories is protected over the whole federation: the ledger
-- holds the pattern of all of it, and says which figures readers were given.
ALTER TABLE released_figures ADD COLUMN told boolean NOT NULL DEFAULT true;
