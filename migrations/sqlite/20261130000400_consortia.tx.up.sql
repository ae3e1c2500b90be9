-- Groups of members that prepare an answer to a lot. What was dissolved stays.
CREATE TABLE consortia (
  id integer PRIMARY KEY AUTOINCREMENT,
  lot_id integer NOT NULL REFERENCES lots (id) ON DELETE CASCADE,
  key text NOT NULL UNIQUE,
  name text NOT NULL,
  form text NOT NULL,
  state text NOT NULL,
  lead_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  exclusive integer NOT NULL,
  accounts text NOT NULL,
  coverage real NOT NULL,
  created_by integer,
  revision integer NOT NULL,
  frozen_at text,
  created_at text NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE TABLE consortium_members (
  consortium_id integer NOT NULL REFERENCES consortia (id) ON DELETE CASCADE,
  organisation_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  position integer NOT NULL,
  share real NOT NULL,
  tasks text NOT NULL,
  PRIMARY KEY (consortium_id, organisation_id)
) STRICT;
--bun:split
CREATE TABLE consortium_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  consortium_id integer NOT NULL REFERENCES consortia (id) ON DELETE CASCADE,
  at text NOT NULL,
  kind text NOT NULL,
  actor_id integer,
  detail text NOT NULL
) STRICT;
--bun:split
CREATE INDEX consortia_lot ON consortia (lot_id, id);
--bun:split
CREATE INDEX consortium_members_organisation ON consortium_members (organisation_id, consortium_id);
--bun:split
CREATE INDEX consortium_events_consortium ON consortium_events (consortium_id, id);
