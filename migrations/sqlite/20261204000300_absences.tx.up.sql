-- Who is away, from a civil day to another, both included, and who stands in.
CREATE TABLE absences (
  id integer PRIMARY KEY AUTOINCREMENT,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  from_day text NOT NULL,
  to_day text NOT NULL,
  replaced_by integer REFERENCES users (id) ON DELETE SET NULL,
  declared_by integer NOT NULL,
  created_at text NOT NULL,
  cancelled_at text
) STRICT;
--bun:split
CREATE INDEX absences_days ON absences (to_day, user_id);
--bun:split
CREATE INDEX absences_user ON absences (user_id, id);
