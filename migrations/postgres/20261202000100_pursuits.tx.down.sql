DROP TABLE pursuit_events;
--bun:split
DROP TABLE pursuits;
