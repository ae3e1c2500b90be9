DROP TABLE quote_events;
--bun:split
DROP TABLE quotes;
--bun:split
DROP TABLE prospects;
