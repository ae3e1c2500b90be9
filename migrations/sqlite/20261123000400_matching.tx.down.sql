DROP TABLE match_events;
--bun:split
DROP TABLE matches;
