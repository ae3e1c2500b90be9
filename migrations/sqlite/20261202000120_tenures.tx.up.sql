-- What becomes of a person after the employer met them: a row is the projection
-- of its events. The motive of a leaving is the structure's to know.
CREATE TABLE tenures (
  proposal_id integer PRIMARY KEY REFERENCES proposals (id) ON DELETE CASCADE,
  state text NOT NULL,
  since text NOT NULL,
  motive text NOT NULL,
  revision integer NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE TABLE tenure_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  proposal_id integer NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
  at text NOT NULL,
  actor_id integer,
  from_state text NOT NULL,
  to_state text NOT NULL,
  motive text NOT NULL
) STRICT;
--bun:split
CREATE INDEX tenure_events_proposal ON tenure_events (proposal_id, id);
