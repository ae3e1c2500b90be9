-- What goes with a journey, apart from what is matched: who it is, sealed; what
-- audits outcomes and nothing else; dated rights; who changed which field, never the values.
CREATE TABLE person_identities (
  person_id integer PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
  key_id text NOT NULL,
  sealed blob NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX person_identities_key ON person_identities (key_id, person_id);
--bun:split
CREATE TABLE person_traits (
  person_id integer PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
  sex text NOT NULL,
  birth_year integer NOT NULL,
  qpv text NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE TABLE person_rights (
  id integer PRIMARY KEY AUTOINCREMENT,
  person_id integer NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  kind text NOT NULL,
  valid_from text NOT NULL,
  valid_until text NOT NULL,
  body text NOT NULL,
  occupations text NOT NULL
) STRICT;
--bun:split
CREATE INDEX person_rights_person ON person_rights (person_id, id);
--bun:split
CREATE TABLE person_hours (
  person_id integer NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  month text NOT NULL,
  hours real NOT NULL,
  derogated integer NOT NULL,
  PRIMARY KEY (person_id, month)
) STRICT;
--bun:split
CREATE TABLE person_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  person_id integer NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  at text NOT NULL,
  kind text NOT NULL,
  actor_id integer,
  position_id integer,
  fields text NOT NULL
) STRICT;
--bun:split
CREATE INDEX person_events_person ON person_events (person_id, id);
