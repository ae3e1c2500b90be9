-- Which version the federation publishes as its figures of a year: the last one that
-- was not withdrawn is the reference.
CREATE TABLE release_references (
  id integer PRIMARY KEY AUTOINCREMENT,
  year integer NOT NULL,
  version_id integer NOT NULL UNIQUE REFERENCES release_versions (id),
  published_by integer REFERENCES users (id) ON DELETE SET NULL,
  published_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX release_references_year ON release_references (year, id);
