DROP TABLE opportunity_events;
--bun:split
DROP TABLE lots;
--bun:split
DROP TABLE opportunities;
