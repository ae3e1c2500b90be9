-- What an association does with the notices of its perimeter: a line a gesture,
-- only added to. The last one of a call tells where it stands.
CREATE TABLE monday_sorts (
  id integer PRIMARY KEY AUTOINCREMENT,
  opportunity_id integer NOT NULL REFERENCES opportunities (id) ON DELETE CASCADE,
  organisation_id integer NOT NULL,
  act text NOT NULL,
  reason text NOT NULL,
  note text NOT NULL,
  assignee_id integer,
  actor_id integer NOT NULL,
  at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX monday_sorts_standing ON monday_sorts (organisation_id, opportunity_id, id);
