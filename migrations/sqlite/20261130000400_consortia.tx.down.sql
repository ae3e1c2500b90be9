DROP TABLE consortium_events;
--bun:split
DROP TABLE consortium_members;
--bun:split
DROP TABLE consortia;
