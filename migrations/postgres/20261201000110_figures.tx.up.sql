-- The counts of the observatory: what each enterprise counts for in each year, and
-- the sums by place and kind. A change is an enterprise and a year to count again;
-- a stale scope is a sum to make again.
CREATE TABLE figure_changes (
  enterprise_id bigint NOT NULL REFERENCES observed_enterprises (id) ON DELETE CASCADE,
  year bigint NOT NULL,
  revision bigint NOT NULL,
  PRIMARY KEY (enterprise_id, year)
);
--bun:split
CREATE TABLE figure_parts (
  enterprise_id bigint NOT NULL REFERENCES observed_enterprises (id) ON DELETE CASCADE,
  year bigint NOT NULL,
  kind text NOT NULL,
  economic_group text NOT NULL,
  commune text NOT NULL,
  departement text NOT NULL,
  region text NOT NULL,
  lines text NOT NULL,
  PRIMARY KEY (enterprise_id, year)
);
--bun:split
CREATE INDEX figure_parts_year ON figure_parts (year, enterprise_id);
--bun:split
CREATE TABLE figure_years (
  year bigint PRIMARY KEY,
  revision bigint NOT NULL,
  vintage text NOT NULL,
  computed_at timestamptz NOT NULL
);
--bun:split
CREATE TABLE figure_stale (
  year bigint NOT NULL,
  level text NOT NULL,
  territory text NOT NULL,
  kind text NOT NULL,
  PRIMARY KEY (year, level, territory, kind)
);
--bun:split
CREATE TABLE figure_rows (
  year bigint NOT NULL,
  level text NOT NULL,
  territory text NOT NULL,
  kind text NOT NULL,
  measure text NOT NULL,
  frame bigint NOT NULL,
  responded bigint NOT NULL,
  missing bigint NOT NULL,
  amount bigint NOT NULL,
  persons bigint NOT NULL,
  contributors bigint NOT NULL,
  top bigint NOT NULL,
  cells text NOT NULL,
  PRIMARY KEY (year, level, territory, kind, measure)
);
--bun:split
CREATE INDEX figure_rows_measure ON figure_rows (measure, year, level, territory, kind);
