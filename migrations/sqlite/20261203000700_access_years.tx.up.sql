-- The records of a year are protected together, once: the files that researchers read
-- are views of them. Files that were each made alone could be put together to tell
-- more: they are not given any more, and the log of who read them stays. What is kept
-- for the next vintage is never given. Each time that a year is asked for leaves what
-- came of it.
DROP TABLE access_files;
--bun:split
CREATE TABLE access_files (
  id integer PRIMARY KEY AUTOINCREMENT,
  year integer NOT NULL,
  vintage integer NOT NULL,
  communes text NOT NULL,
  made_at text NOT NULL,
  facts text NOT NULL,
  hash text NOT NULL,
  views text NOT NULL,
  kept text NOT NULL,
  content text NOT NULL,
  UNIQUE (year, vintage)
) STRICT;
--bun:split
CREATE TABLE access_makes (
  id integer PRIMARY KEY AUTOINCREMENT,
  year integer NOT NULL,
  outcome text NOT NULL,
  at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX access_makes_year ON access_makes (year, id);
