-- Releases: what is asked, what was published, its file in pieces, and the ledger of
-- every figure that readers were given, which is never emptied.
CREATE TABLE release_requests (
  id integer PRIMARY KEY AUTOINCREMENT,
  user_id integer REFERENCES users (id) ON DELETE SET NULL,
  institution text NOT NULL,
  purpose text NOT NULL,
  plan text NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  decided_by integer REFERENCES users (id) ON DELETE SET NULL,
  decided_at text,
  step text NOT NULL,
  percent integer NOT NULL,
  version_id integer,
  told_at text,
  created_at text NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX release_requests_user ON release_requests (user_id, id);
--bun:split
CREATE TABLE release_versions (
  id integer PRIMARY KEY AUTOINCREMENT,
  dataset text NOT NULL,
  version text NOT NULL,
  plan text NOT NULL,
  request_id integer NOT NULL,
  title_fr text NOT NULL,
  title_en text NOT NULL,
  cite_fr text NOT NULL,
  cite_en text NOT NULL,
  file_name text NOT NULL,
  sha256 text NOT NULL,
  size integer NOT NULL,
  certificate text NOT NULL,
  frame integer NOT NULL,
  replied integer NOT NULL,
  shown integer NOT NULL,
  hidden integer NOT NULL,
  absent integer NOT NULL,
  published_at text NOT NULL,
  withdrawn_at text,
  tombstone text NOT NULL,
  UNIQUE (dataset, version)
) STRICT;
--bun:split
CREATE TABLE release_chunks (
  version_id integer NOT NULL REFERENCES release_versions (id),
  position integer NOT NULL,
  content blob NOT NULL,
  PRIMARY KEY (version_id, position)
) STRICT;
--bun:split
CREATE TABLE released_figures (
  version_id integer NOT NULL REFERENCES release_versions (id),
  measure text NOT NULL,
  year integer NOT NULL,
  territory text NOT NULL,
  kind text NOT NULL,
  sex text NOT NULL,
  age text NOT NULL,
  public text NOT NULL,
  vintage text NOT NULL,
  status text NOT NULL,
  value integer NOT NULL,
  PRIMARY KEY (version_id, measure, year, territory, kind, sex, age, public)
) STRICT;
--bun:split
CREATE INDEX released_figures_measure ON released_figures (measure, year, version_id);
