DROP TABLE access_uses;
--bun:split
DROP TABLE access_files;
--bun:split
DROP TABLE access_events;
--bun:split
DROP TABLE access_agreements;
