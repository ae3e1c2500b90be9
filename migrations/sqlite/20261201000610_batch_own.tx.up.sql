-- A batch is a structure's, of its own people: an officer reads how far positions
-- reach (placement.Reach) and keeps nothing. What officers kept goes; nobody reads
-- a label any more.
DELETE FROM batches WHERE wide;
--bun:split
ALTER TABLE batches DROP COLUMN wide;
--bun:split
CREATE TABLE batch_people_new (
  batch_id integer NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
  person_id integer NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  organisation_id integer NOT NULL REFERENCES organisations (id),
  waiting integer NOT NULL,
  reason text NOT NULL,
  other_lot_id integer REFERENCES lots (id) ON DELETE SET NULL,
  other_fit integer NOT NULL,
  why text NOT NULL,
  held integer NOT NULL,
  better integer NOT NULL,
  longer integer NOT NULL,
  person_revision integer NOT NULL,
  PRIMARY KEY (batch_id, person_id)
) STRICT;
--bun:split
INSERT INTO batch_people_new (batch_id, person_id, organisation_id, waiting, reason, other_lot_id, other_fit, why, held, better, longer, person_revision)
  SELECT batch_id, person_id, organisation_id, waiting, reason, other_lot_id, other_fit, why, held, better, longer, person_revision FROM batch_people;
--bun:split
DROP TABLE batch_people;
--bun:split
ALTER TABLE batch_people_new RENAME TO batch_people;
--bun:split
CREATE INDEX batch_people_organisation ON batch_people (organisation_id, batch_id);
--bun:split
CREATE INDEX batch_people_person ON batch_people (person_id);
