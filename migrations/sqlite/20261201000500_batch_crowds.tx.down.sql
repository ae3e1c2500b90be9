ALTER TABLE batch_people DROP COLUMN crowd;
