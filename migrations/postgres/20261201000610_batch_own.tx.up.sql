-- A batch is a structure's, of its own people: an officer reads how far positions
-- reach (placement.Reach) and keeps nothing. What officers kept goes; nobody reads
-- a label any more.
DELETE FROM batches WHERE wide;
--bun:split
ALTER TABLE batches DROP COLUMN wide;
--bun:split
ALTER TABLE batch_people DROP COLUMN label;
--bun:split
ALTER TABLE batch_people DROP COLUMN crowd;
