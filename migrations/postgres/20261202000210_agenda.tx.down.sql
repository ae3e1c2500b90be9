DROP TABLE agenda_links;
--bun:split
DROP TABLE agenda_letters;
--bun:split
DROP TABLE agenda_bookings;
--bun:split
DROP TABLE agenda_events;
