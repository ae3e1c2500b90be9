-- A person presented to an employer for a position, after their agreement. What
-- is told is in sheet; a refusal by the person is not here and makes no row.
CREATE TABLE proposals (
  id integer PRIMARY KEY AUTOINCREMENT,
  ref text NOT NULL UNIQUE,
  person_id integer NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  lot_id integer NOT NULL REFERENCES lots (id) ON DELETE CASCADE,
  organisation_id integer NOT NULL REFERENCES organisations (id),
  employer_id integer NOT NULL REFERENCES organisations (id),
  label text NOT NULL,
  draw integer NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  sheet text NOT NULL,
  contact text NOT NULL,
  due_at text NOT NULL,
  proposed_by integer,
  answered_at text,
  answered_by integer,
  met integer NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL,
  UNIQUE (lot_id, label)
) STRICT;
--bun:split
CREATE UNIQUE INDEX proposals_running ON proposals (person_id, lot_id) WHERE state IN ('proposed', 'interested', 'met');
--bun:split
CREATE INDEX proposals_employer ON proposals (employer_id, organisation_id);
--bun:split
CREATE INDEX proposals_organisation ON proposals (organisation_id, state, due_at);
--bun:split
CREATE TABLE proposal_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  proposal_id integer NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  at text NOT NULL,
  actor_id integer,
  from_state text NOT NULL,
  to_state text NOT NULL,
  reason text NOT NULL
) STRICT;
--bun:split
CREATE INDEX proposal_events_proposal ON proposal_events (proposal_id, id);
