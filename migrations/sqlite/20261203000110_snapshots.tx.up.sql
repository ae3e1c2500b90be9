CREATE TABLE release_snapshots (
  id integer PRIMARY KEY AUTOINCREMENT,
  year integer NOT NULL,
  hash text NOT NULL,
  content blob NOT NULL,
  UNIQUE (year, hash)
) STRICT;
--bun:split
CREATE TABLE release_version_years (
  version_id integer NOT NULL REFERENCES release_versions (id),
  year integer NOT NULL,
  snapshot_id integer NOT NULL REFERENCES release_snapshots (id),
  PRIMARY KEY (version_id, year)
) STRICT;
