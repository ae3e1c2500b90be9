-- A match is unique for a lot and a candidate; it is withdrawn, never deleted.
CREATE TABLE matches (
  id integer PRIMARY KEY AUTOINCREMENT,
  lot_id integer NOT NULL REFERENCES lots (id) ON DELETE CASCADE,
  organisation_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  state text NOT NULL,
  reason text NOT NULL,
  score integer NOT NULL,
  confidence integer NOT NULL,
  activity_id integer NOT NULL,
  explanation text NOT NULL,
  digest text NOT NULL,
  engine text NOT NULL,
  lot_revision integer NOT NULL,
  organisation_revision integer NOT NULL,
  reply text NOT NULL,
  reply_reason text NOT NULL,
  reply_note text NOT NULL,
  replied_by integer,
  replied_at text,
  first_proposed_at text NOT NULL,
  computed_at text NOT NULL,
  updated_at text NOT NULL,
  UNIQUE (lot_id, organisation_id)
) STRICT;
--bun:split
CREATE TABLE match_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  match_id integer NOT NULL REFERENCES matches (id) ON DELETE CASCADE,
  at text NOT NULL,
  kind text NOT NULL,
  actor_id integer,
  detail text NOT NULL
) STRICT;
--bun:split
CREATE INDEX matches_organisation ON matches (organisation_id, state, id);
--bun:split
CREATE INDEX match_events_match ON match_events (match_id, id);
