DROP TABLE batch_events;
--bun:split
DROP TABLE batch_lines;
--bun:split
DROP TABLE batch_positions;
--bun:split
DROP TABLE batch_people;
--bun:split
DROP TABLE batches;
