DROP TABLE tenure_events;
--bun:split
DROP TABLE tenures;
