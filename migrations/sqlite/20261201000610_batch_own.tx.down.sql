ALTER TABLE batches ADD COLUMN wide integer NOT NULL DEFAULT 0;
--bun:split
CREATE TABLE batch_people_new (
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
  crowd integer NOT NULL DEFAULT 0,
  PRIMARY KEY (batch_id, person_id),
  UNIQUE (batch_id, label)
) STRICT;
--bun:split
INSERT INTO batch_people_new (batch_id, person_id, organisation_id, waiting, reason, other_lot_id, other_fit, why, held, better, longer, person_revision, label)
  SELECT batch_id, person_id, organisation_id, waiting, reason, other_lot_id, other_fit, why, held, better, longer, person_revision, CAST(person_id AS text) FROM batch_people;
--bun:split
DROP TABLE batch_people;
--bun:split
ALTER TABLE batch_people_new RENAME TO batch_people;
--bun:split
CREATE INDEX batch_people_organisation ON batch_people (organisation_id, batch_id);
--bun:split
CREATE INDEX batch_people_person ON batch_people (person_id);
