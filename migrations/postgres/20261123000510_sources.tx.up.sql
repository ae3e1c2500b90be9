-- Where notices are fetched from, and the source of each run.
CREATE TABLE notice_sources (
  name text NOT NULL PRIMARY KEY,
  kind text NOT NULL,
  url text NOT NULL,
  enabled boolean NOT NULL,
  every_seconds bigint NOT NULL,
  first_day text NOT NULL,
  cursor jsonb NOT NULL,
  next_run timestamptz NOT NULL,
  running_since timestamptz,
  last_run timestamptz,
  last_success timestamptz,
  last_error text NOT NULL,
  last_report jsonb NOT NULL,
  runs bigint NOT NULL,
  records bigint NOT NULL,
  made bigint NOT NULL,
  updated bigint NOT NULL,
  quarantined bigint NOT NULL
);
--bun:split
ALTER TABLE notice_runs ADD COLUMN source text NOT NULL DEFAULT '';
