-- The counts of the observatory: what each enterprise counts for in each year, and
-- the sums by place and kind. A change is an enterprise and a year to count again;
-- a stale scope is a sum to make again.
CREATE TABLE figure_changes (
  enterprise_id integer NOT NULL REFERENCES observed_enterprises (id) ON DELETE CASCADE,
  year integer NOT NULL,
  revision integer NOT NULL,
  PRIMARY KEY (enterprise_id, year)
) STRICT;
--bun:split
CREATE TABLE figure_parts (
  enterprise_id integer NOT NULL REFERENCES observed_enterprises (id) ON DELETE CASCADE,
  year integer NOT NULL,
  kind text NOT NULL,
  economic_group text NOT NULL,
  commune text NOT NULL,
  departement text NOT NULL,
  region text NOT NULL,
  lines text NOT NULL,
  PRIMARY KEY (enterprise_id, year)
) STRICT;
--bun:split
CREATE INDEX figure_parts_year ON figure_parts (year, enterprise_id);
--bun:split
CREATE TABLE figure_years (
  year integer PRIMARY KEY,
  revision integer NOT NULL,
  vintage text NOT NULL,
  computed_at text NOT NULL
) STRICT;
--bun:split
CREATE TABLE figure_stale (
  year integer NOT NULL,
  level text NOT NULL,
  territory text NOT NULL,
  kind text NOT NULL,
  PRIMARY KEY (year, level, territory, kind)
) STRICT;
--bun:split
CREATE TABLE figure_rows (
  year integer NOT NULL,
  level text NOT NULL,
  territory text NOT NULL,
  kind text NOT NULL,
  measure text NOT NULL,
  frame integer NOT NULL,
  responded integer NOT NULL,
  missing integer NOT NULL,
  amount integer NOT NULL,
  persons integer NOT NULL,
  contributors integer NOT NULL,
  top integer NOT NULL,
  cells text NOT NULL,
  PRIMARY KEY (year, level, territory, kind, measure)
) STRICT;
--bun:split
CREATE INDEX figure_rows_measure ON figure_rows (measure, year, level, territory, kind);
