-- What buyers may need and no notice tells, the quotes that enterprises are asked
-- for, and each step of a quote, only added to.
CREATE TABLE prospects (
  id integer PRIMARY KEY AUTOINCREMENT,
  key text NOT NULL UNIQUE,
  organisation_id integer NOT NULL REFERENCES organisations (id),
  market text NOT NULL,
  buyer text NOT NULL,
  siren text NOT NULL,
  need text NOT NULL,
  territory text NOT NULL,
  amount real NOT NULL,
  expected_on text NOT NULL,
  source text NOT NULL,
  aside text NOT NULL,
  noted_by integer,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX prospects_organisation ON prospects (organisation_id, id);
--bun:split
CREATE TABLE quotes (
  id integer PRIMARY KEY AUTOINCREMENT,
  prospect_id integer NOT NULL REFERENCES prospects (id),
  organisation_id integer NOT NULL REFERENCES organisations (id),
  state text NOT NULL,
  amount real NOT NULL,
  asked_on text NOT NULL,
  sent_on text NOT NULL,
  settled_on text NOT NULL,
  reason text NOT NULL,
  match_id integer REFERENCES matches (id),
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL,
  UNIQUE (prospect_id, organisation_id)
) STRICT;
--bun:split
CREATE INDEX quotes_organisation ON quotes (organisation_id, state);
--bun:split
CREATE TABLE quote_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  quote_id integer NOT NULL REFERENCES quotes (id),
  at text NOT NULL,
  actor_id integer,
  from_state text NOT NULL,
  to_state text NOT NULL,
  amount real NOT NULL,
  reason text NOT NULL,
  note text NOT NULL
) STRICT;
--bun:split
CREATE INDEX quote_events_quote ON quote_events (quote_id, id);
