-- Who was called, what was said and what is promised for when.
CREATE TABLE contacts (
  id integer PRIMARY KEY AUTOINCREMENT,
  key text NOT NULL UNIQUE,
  organisation_id integer NOT NULL REFERENCES organisations (id),
  match_id integer REFERENCES matches (id) ON DELETE SET NULL,
  opportunity_id integer REFERENCES opportunities (id) ON DELETE SET NULL,
  way text NOT NULL,
  spoken_with text NOT NULL,
  outcome text NOT NULL,
  said text NOT NULL,
  promise text NOT NULL,
  promised_for text NOT NULL,
  kept_at text,
  kept_by integer,
  noted_by integer,
  noted_for integer NOT NULL,
  at text NOT NULL,
  created_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX contacts_organisation ON contacts (organisation_id, at);
--bun:split
CREATE INDEX contacts_promised ON contacts (promised_for) WHERE kept_at IS NULL;
