DROP TABLE activity_editions;
--bun:split
DROP TABLE activity_markets;
--bun:split
DROP TABLE activity_roots;
