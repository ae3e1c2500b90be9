-- Where notices are fetched from, and the source of each run.
CREATE TABLE notice_sources (
  name text NOT NULL PRIMARY KEY,
  kind text NOT NULL,
  url text NOT NULL,
  enabled integer NOT NULL,
  every_seconds integer NOT NULL,
  first_day text NOT NULL,
  cursor text NOT NULL,
  next_run text NOT NULL,
  running_since text,
  last_run text,
  last_success text,
  last_error text NOT NULL,
  last_report text NOT NULL,
  runs integer NOT NULL,
  records integer NOT NULL,
  made integer NOT NULL,
  updated integer NOT NULL,
  quarantined integer NOT NULL
) STRICT;
--bun:split
ALTER TABLE notice_runs ADD COLUMN source text NOT NULL DEFAULT '';
