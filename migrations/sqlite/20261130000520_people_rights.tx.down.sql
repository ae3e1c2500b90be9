DROP TABLE person_events;
--bun:split
DROP TABLE person_hours;
--bun:split
DROP TABLE person_rights;
--bun:split
DROP TABLE person_traits;
--bun:split
DROP TABLE person_identities;
