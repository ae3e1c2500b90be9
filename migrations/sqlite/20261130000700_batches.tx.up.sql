-- A batch prepares whom to speak with first about which positions; it proposes
-- nobody. Rows about a person go with the person, and none of them tells what
-- anybody agreed to or refused.
CREATE TABLE batches (
  id integer PRIMARY KEY AUTOINCREMENT,
  organisation_id integer NOT NULL REFERENCES organisations (id),
  key text NOT NULL,
  number integer NOT NULL,
  wide integer NOT NULL,
  made_by integer,
  rules text NOT NULL,
  engine text NOT NULL,
  solver text NOT NULL,
  day text NOT NULL,
  totals text NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  UNIQUE (organisation_id, key, number)
) STRICT;
--bun:split
CREATE TABLE batch_people (
  batch_id integer NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
  person_id integer NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  organisation_id integer NOT NULL REFERENCES organisations (id),
  label text NOT NULL,
  waiting integer NOT NULL,
  reason text NOT NULL,
  other_lot_id integer REFERENCES lots (id) ON DELETE SET NULL,
  other_fit integer NOT NULL,
  why text NOT NULL,
  held integer NOT NULL,
  better integer NOT NULL,
  longer integer NOT NULL,
  person_revision integer NOT NULL,
  PRIMARY KEY (batch_id, person_id),
  UNIQUE (batch_id, label)
) STRICT;
--bun:split
CREATE INDEX batch_people_organisation ON batch_people (organisation_id, batch_id);
--bun:split
CREATE INDEX batch_people_person ON batch_people (person_id);
--bun:split
CREATE TABLE batch_positions (
  batch_id integer NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
  lot_id integer NOT NULL REFERENCES lots (id) ON DELETE CASCADE,
  lot_revision integer NOT NULL,
  capacity integer NOT NULL,
  suits integer NOT NULL,
  PRIMARY KEY (batch_id, lot_id)
) STRICT;
--bun:split
CREATE TABLE batch_lines (
  id integer PRIMARY KEY AUTOINCREMENT,
  batch_id integer NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
  person_id integer NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  lot_id integer NOT NULL REFERENCES lots (id) ON DELETE CASCADE,
  organisation_id integer NOT NULL REFERENCES organisations (id),
  fit integer NOT NULL,
  reason text NOT NULL,
  criteria text NOT NULL,
  state text NOT NULL,
  settled_by integer,
  settled_at text,
  revision integer NOT NULL,
  UNIQUE (batch_id, person_id, lot_id)
) STRICT;
--bun:split
CREATE INDEX batch_lines_person ON batch_lines (person_id);
--bun:split
CREATE TABLE batch_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  batch_id integer NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
  line_id integer REFERENCES batch_lines (id) ON DELETE CASCADE,
  at text NOT NULL,
  actor_id integer,
  from_state text NOT NULL,
  to_state text NOT NULL
) STRICT;
--bun:split
CREATE INDEX batch_events_batch ON batch_events (batch_id, id);
