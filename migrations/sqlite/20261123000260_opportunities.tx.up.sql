-- What is offered, its lots and its history.
CREATE TABLE opportunities (
  id integer PRIMARY KEY AUTOINCREMENT,
  kind text NOT NULL,
  state text NOT NULL,
  title text NOT NULL,
  description text NOT NULL,
  key text NOT NULL,
  buyer_id integer REFERENCES organisations (id),
  buyer_name text NOT NULL,
  buyer_siret text NOT NULL,
  publisher_id integer REFERENCES organisations (id),
  source text NOT NULL,
  links text NOT NULL,
  place text NOT NULL,
  clause text NOT NULL,
  codes text NOT NULL,
  deadline text,
  deadline_raw text NOT NULL,
  amount real NOT NULL,
  currency text NOT NULL,
  folded text NOT NULL,
  facets text NOT NULL,
  noticed_at text,
  revision integer NOT NULL,
  published_at text,
  created_at text NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE TABLE lots (
  id integer PRIMARY KEY AUTOINCREMENT,
  opportunity_id integer NOT NULL REFERENCES opportunities (id) ON DELETE CASCADE,
  number text NOT NULL,
  position integer NOT NULL,
  title text NOT NULL,
  description text NOT NULL,
  codes text NOT NULL,
  modes text NOT NULL,
  place text NOT NULL,
  clause text NOT NULL,
  certifications text NOT NULL,
  fte real NOT NULL,
  hours real NOT NULL,
  amount real NOT NULL,
  turnover real NOT NULL,
  insurance real NOT NULL,
  references_asked integer,
  posts integer NOT NULL,
  working_days integer NOT NULL,
  starts_on text NOT NULL,
  ends_on text NOT NULL,
  deadline text,
  deadline_raw text NOT NULL,
  withdrawn integer NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL,
  UNIQUE (opportunity_id, number)
) STRICT;
--bun:split
CREATE TABLE opportunity_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  opportunity_id integer NOT NULL REFERENCES opportunities (id) ON DELETE CASCADE,
  at text NOT NULL,
  kind text NOT NULL,
  actor_id integer,
  origin text NOT NULL,
  diff text NOT NULL
) STRICT;
--bun:split
CREATE UNIQUE INDEX opportunities_key ON opportunities (key) WHERE key <> '';
--bun:split
CREATE INDEX opportunities_state ON opportunities (state, deadline, id);
--bun:split
CREATE INDEX lots_opportunity ON lots (opportunity_id, position);
--bun:split
CREATE INDEX opportunity_events_opportunity ON opportunity_events (opportunity_id, id);
