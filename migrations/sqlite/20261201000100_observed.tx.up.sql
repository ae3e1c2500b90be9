-- What the observatory collects: enterprises year by year, and the records of
-- workers under pseudonyms. Numbers are hundredths of hours or of a unit; a null
-- is what was not said, never a zero. Days are YYYY-MM-DD texts, empty where unknown.
CREATE TABLE observed_batches (
  id integer PRIMARY KEY AUTOINCREMENT,
  sheet text NOT NULL,
  file text NOT NULL,
  origin text NOT NULL,
  actor_id integer,
  at text NOT NULL,
  ended_at text,
  read integer NOT NULL,
  made integer NOT NULL,
  updated integer NOT NULL,
  unchanged integer NOT NULL,
  removed integer NOT NULL,
  rejected integer NOT NULL
) STRICT;
--bun:split
CREATE TABLE observed_rejections (
  id integer PRIMARY KEY AUTOINCREMENT,
  batch_id integer NOT NULL REFERENCES observed_batches (id) ON DELETE CASCADE,
  line integer NOT NULL,
  faults text NOT NULL,
  cells text NOT NULL
) STRICT;
--bun:split
CREATE INDEX observed_rejections_batch ON observed_rejections (batch_id, line, id);
--bun:split
CREATE TABLE observed_enterprises (
  id integer PRIMARY KEY AUTOINCREMENT,
  key text NOT NULL UNIQUE,
  organisation_id integer REFERENCES organisations (id),
  salt text NOT NULL,
  created_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX observed_enterprises_organisation ON observed_enterprises (organisation_id);
--bun:split
CREATE TABLE observed_years (
  enterprise_id integer NOT NULL REFERENCES observed_enterprises (id) ON DELETE CASCADE,
  year integer NOT NULL,
  kind text NOT NULL,
  commune text NOT NULL,
  economic_group text NOT NULL,
  contracts text NOT NULL,
  hours text NOT NULL,
  exits text NOT NULL,
  placements text NOT NULL,
  trainings text NOT NULL,
  origin text NOT NULL,
  batch_id integer,
  updated_at text NOT NULL,
  PRIMARY KEY (enterprise_id, year)
) STRICT;
--bun:split
CREATE INDEX observed_years_year ON observed_years (year, enterprise_id);
--bun:split
CREATE TABLE observed_workers (
  id integer PRIMARY KEY AUTOINCREMENT,
  enterprise_id integer NOT NULL REFERENCES observed_enterprises (id) ON DELETE CASCADE,
  mark text NOT NULL,
  key text NOT NULL UNIQUE,
  sex text NOT NULL,
  birth_year integer NOT NULL,
  age_band text NOT NULL,
  publics text NOT NULL,
  commune text NOT NULL,
  origin text NOT NULL,
  batch_id integer,
  updated_at text NOT NULL,
  UNIQUE (enterprise_id, mark)
) STRICT;
--bun:split
CREATE TABLE observed_contracts (
  worker_id integer NOT NULL REFERENCES observed_workers (id) ON DELETE CASCADE,
  begins_on text NOT NULL,
  enterprise_id integer NOT NULL,
  ends_on text NOT NULL,
  weekly integer,
  origin text NOT NULL,
  batch_id integer,
  updated_at text NOT NULL,
  PRIMARY KEY (worker_id, begins_on)
) STRICT;
--bun:split
CREATE INDEX observed_contracts_enterprise ON observed_contracts (enterprise_id, begins_on);
--bun:split
CREATE TABLE observed_hours (
  worker_id integer NOT NULL REFERENCES observed_workers (id) ON DELETE CASCADE,
  month text NOT NULL,
  enterprise_id integer NOT NULL,
  paid integer,
  worked integer,
  clause integer,
  origin text NOT NULL,
  batch_id integer,
  updated_at text NOT NULL,
  PRIMARY KEY (worker_id, month)
) STRICT;
--bun:split
CREATE INDEX observed_hours_enterprise ON observed_hours (enterprise_id, month);
--bun:split
CREATE TABLE observed_exits (
  worker_id integer NOT NULL REFERENCES observed_workers (id) ON DELETE CASCADE,
  exit_on text NOT NULL,
  enterprise_id integer NOT NULL,
  motive text NOT NULL,
  days integer NOT NULL,
  entered_on text NOT NULL,
  declared text NOT NULL,
  origin text NOT NULL,
  batch_id integer,
  updated_at text NOT NULL,
  PRIMARY KEY (worker_id, exit_on)
) STRICT;
--bun:split
CREATE INDEX observed_exits_enterprise ON observed_exits (enterprise_id, exit_on);
--bun:split
CREATE TABLE observed_placements (
  worker_id integer NOT NULL REFERENCES observed_workers (id) ON DELETE CASCADE,
  begins_on text NOT NULL,
  kind text NOT NULL,
  enterprise_id integer NOT NULL,
  origin text NOT NULL,
  batch_id integer,
  updated_at text NOT NULL,
  PRIMARY KEY (worker_id, begins_on, kind)
) STRICT;
--bun:split
CREATE INDEX observed_placements_enterprise ON observed_placements (enterprise_id, begins_on);
--bun:split
CREATE TABLE observed_trainings (
  worker_id integer NOT NULL REFERENCES observed_workers (id) ON DELETE CASCADE,
  begins_on text NOT NULL,
  certification text NOT NULL,
  enterprise_id integer NOT NULL,
  hours integer,
  origin text NOT NULL,
  batch_id integer,
  updated_at text NOT NULL,
  PRIMARY KEY (worker_id, begins_on, certification)
) STRICT;
--bun:split
CREATE INDEX observed_trainings_enterprise ON observed_trainings (enterprise_id, begins_on);
--bun:split
CREATE TABLE observed_answers (
  enterprise_id integer NOT NULL REFERENCES observed_enterprises (id) ON DELETE CASCADE,
  year integer NOT NULL,
  question text NOT NULL,
  status text NOT NULL,
  value integer NOT NULL,
  origin text NOT NULL,
  batch_id integer,
  updated_at text NOT NULL,
  PRIMARY KEY (enterprise_id, year, question)
) STRICT;
--bun:split
CREATE TABLE reference_hours (
  kind text NOT NULL,
  year integer NOT NULL,
  hours integer NOT NULL,
  basis text NOT NULL,
  source text NOT NULL,
  origin text NOT NULL,
  batch_id integer,
  updated_at text NOT NULL,
  PRIMARY KEY (kind, year)
) STRICT;
--bun:split
CREATE TABLE series_breaks (
  year integer NOT NULL,
  indicator text NOT NULL,
  kind text NOT NULL,
  reason_fr text NOT NULL,
  reason_en text NOT NULL,
  origin text NOT NULL,
  batch_id integer,
  updated_at text NOT NULL,
  PRIMARY KEY (year, indicator, kind)
) STRICT;
