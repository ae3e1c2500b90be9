-- The path of an organisation towards a quality label, and all that happened on
-- it: events are only added, and the state is what they make. What a label is, is
-- data of the program. Days are YYYY-MM-DD texts. A certificate that a path gives
-- is the row of certifications that names it as its source.
CREATE TABLE quality_paths (
  id integer PRIMARY KEY AUTOINCREMENT,
  organisation_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  label text NOT NULL,
  state text NOT NULL,
  valid_from text NOT NULL,
  valid_until text NOT NULL,
  renewing integer NOT NULL,
  last_on text NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL,
  UNIQUE (organisation_id, label)
) STRICT;
--bun:split
CREATE INDEX quality_paths_until ON quality_paths (valid_until, id);
--bun:split
CREATE TABLE quality_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  path_id integer NOT NULL REFERENCES quality_paths (id) ON DELETE CASCADE,
  kind text NOT NULL,
  happened_on text NOT NULL,
  audit text NOT NULL,
  body text NOT NULL,
  minor integer NOT NULL,
  major integer NOT NULL,
  outcome text NOT NULL,
  reason text NOT NULL,
  valid_from text NOT NULL,
  valid_until text NOT NULL,
  voids_id integer NOT NULL,
  actor_id integer,
  at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX quality_events_path ON quality_events (path_id, id);
--bun:split
CREATE TABLE quality_reminders (
  path_id integer NOT NULL REFERENCES quality_paths (id) ON DELETE CASCADE,
  valid_until text NOT NULL,
  step text NOT NULL,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  told integer NOT NULL,
  letter_on text NOT NULL,
  at text NOT NULL,
  PRIMARY KEY (path_id, valid_until, step, user_id)
) STRICT;
--bun:split
CREATE INDEX quality_reminders_letter ON quality_reminders (user_id, letter_on);
--bun:split
ALTER TABLE certifications ADD COLUMN source text NOT NULL DEFAULT '';
