-- Public notices as they were read, what could not be read, and the runs of the imports.
CREATE TABLE notices (
  id integer PRIMARY KEY AUTOINCREMENT,
  source text NOT NULL,
  source_id text NOT NULL,
  version text NOT NULL,
  publication text NOT NULL,
  digest text NOT NULL,
  raw_digest text NOT NULL,
  key text NOT NULL,
  opportunity_id integer REFERENCES opportunities (id) ON DELETE SET NULL,
  nature text NOT NULL,
  family text NOT NULL,
  published text NOT NULL,
  title text NOT NULL,
  buyer_name text NOT NULL,
  buyer_siren text NOT NULL,
  document text NOT NULL,
  path text NOT NULL,
  imported_at text NOT NULL,
  UNIQUE (source, source_id, version, publication, digest)
) STRICT;
--bun:split
CREATE TABLE notice_names (
  name text NOT NULL PRIMARY KEY,
  key text NOT NULL
) STRICT;
--bun:split
CREATE TABLE notice_quarantine (
  id integer PRIMARY KEY AUTOINCREMENT,
  digest text NOT NULL UNIQUE,
  source text NOT NULL,
  path text NOT NULL,
  place text NOT NULL,
  code text NOT NULL,
  reason text NOT NULL,
  raw text NOT NULL,
  cut integer NOT NULL,
  attempts integer NOT NULL,
  state text NOT NULL,
  first_seen text NOT NULL,
  last_seen text NOT NULL
) STRICT;
--bun:split
CREATE TABLE notice_runs (
  id integer PRIMARY KEY AUTOINCREMENT,
  started_at text NOT NULL,
  ended_at text,
  paths text NOT NULL,
  report text NOT NULL,
  error text NOT NULL
) STRICT;
--bun:split
CREATE INDEX notices_opportunity ON notices (opportunity_id, id);
--bun:split
CREATE INDEX notices_key ON notices (key, id);
--bun:split
CREATE INDEX notice_quarantine_state ON notice_quarantine (state, id);
