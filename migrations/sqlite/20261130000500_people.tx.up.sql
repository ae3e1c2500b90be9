-- People in insertion, as pseudonymous journeys. What identifies them is in
-- person_identities, sealed; what is measured to audit outcomes is in person_traits.
CREATE TABLE people (
  id integer PRIMARY KEY AUTOINCREMENT,
  organisation_id integer NOT NULL REFERENCES organisations (id),
  counsellor_id integer REFERENCES users (id),
  code text NOT NULL UNIQUE,
  key text NOT NULL,
  state text NOT NULL,
  commune text NOT NULL,
  entered_on text NOT NULL,
  available_on text NOT NULL,
  contract_ends text NOT NULL,
  ended_on text NOT NULL,
  erased_at text,
  profile text NOT NULL,
  last_proposed_at text,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX people_organisation ON people (organisation_id, state, id);
--bun:split
CREATE UNIQUE INDEX people_key ON people (organisation_id, key) WHERE key <> '';
--bun:split
CREATE TABLE agreements (
  id integer PRIMARY KEY AUTOINCREMENT,
  person_id integer NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  position_id integer NOT NULL REFERENCES lots (id) ON DELETE CASCADE,
  state text NOT NULL,
  asked_at text NOT NULL,
  answered_at text,
  expires_on text NOT NULL,
  recorded_by integer,
  revision integer NOT NULL,
  updated_at text NOT NULL,
  UNIQUE (person_id, position_id)
) STRICT;
--bun:split
CREATE INDEX agreements_position ON agreements (position_id, state);
