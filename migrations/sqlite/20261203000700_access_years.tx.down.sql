DROP TABLE access_makes;
--bun:split
DROP TABLE access_files;
--bun:split
CREATE TABLE access_files (
  id integer PRIMARY KEY AUTOINCREMENT,
  file text NOT NULL,
  year integer NOT NULL,
  vintage integer NOT NULL,
  communes text NOT NULL,
  made_at text NOT NULL,
  facts text NOT NULL,
  hash text NOT NULL,
  done text NOT NULL,
  content text NOT NULL,
  UNIQUE (file, year, vintage)
) STRICT;
