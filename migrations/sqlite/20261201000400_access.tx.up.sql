-- Who reads records one by one, under which agreement, and what they read. The
-- protected file of a year is made once: content is all that is ever told of it.
-- Days are YYYY-MM-DD texts, the last one included.
CREATE TABLE access_agreements (
  id integer PRIMARY KEY AUTOINCREMENT,
  user_id integer NOT NULL REFERENCES users (id),
  institution text NOT NULL,
  purpose text NOT NULL,
  reference text NOT NULL,
  file text NOT NULL,
  years text NOT NULL,
  variables text NOT NULL,
  from_on text NOT NULL,
  until_on text NOT NULL,
  granted_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX access_agreements_user ON access_agreements (user_id, id);
--bun:split
CREATE TABLE access_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  agreement_id integer NOT NULL REFERENCES access_agreements (id) ON DELETE CASCADE,
  kind text NOT NULL,
  reason text NOT NULL,
  actor_id integer NOT NULL,
  at text NOT NULL,
  UNIQUE (agreement_id, kind)
) STRICT;
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
--bun:split
CREATE TABLE access_uses (
  id integer PRIMARY KEY AUTOINCREMENT,
  agreement_id integer NOT NULL REFERENCES access_agreements (id) ON DELETE CASCADE,
  user_id integer NOT NULL,
  what text NOT NULL,
  files text NOT NULL,
  hash text NOT NULL,
  at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX access_uses_agreement ON access_uses (agreement_id, id);
