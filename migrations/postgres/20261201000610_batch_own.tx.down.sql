ALTER TABLE batches ADD COLUMN wide boolean NOT NULL DEFAULT false;
--bun:split
ALTER TABLE batch_people ADD COLUMN label text NOT NULL DEFAULT '';
--bun:split
UPDATE batch_people SET label = CAST(person_id AS text);
--bun:split
ALTER TABLE batch_people ADD CONSTRAINT batch_people_batch_id_label_key UNIQUE (batch_id, label);
--bun:split
ALTER TABLE batch_people ADD COLUMN crowd integer NOT NULL DEFAULT 0;
