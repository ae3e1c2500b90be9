-- What the network holds for its structures: events, trainings, committees.
-- Instants are UTC; zone is that of the place, in which people read them. A
-- booking is one account's, for the persons it names; letters are the ledger of
-- who was told what.
CREATE TABLE agenda_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  kind text NOT NULL,
  title text NOT NULL,
  about text NOT NULL,
  place text NOT NULL,
  commune text NOT NULL,
  link text NOT NULL,
  territory text NOT NULL,
  audience text NOT NULL,
  starts_at text NOT NULL,
  ends_at text NOT NULL,
  zone text NOT NULL,
  capacity integer NOT NULL,
  register_until text,
  organiser_id integer NOT NULL REFERENCES organisations (id),
  fee real NOT NULL,
  documents text NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  sequence integer NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX agenda_events_starts ON agenda_events (starts_at, id);
--bun:split
CREATE TABLE agenda_bookings (
  id integer PRIMARY KEY AUTOINCREMENT,
  event_id integer NOT NULL REFERENCES agenda_events (id) ON DELETE CASCADE,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  organisation_id integer NOT NULL,
  attendees text NOT NULL,
  seats integer NOT NULL,
  state text NOT NULL,
  queued integer NOT NULL,
  came integer NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL,
  UNIQUE (event_id, user_id)
) STRICT;
--bun:split
CREATE INDEX agenda_bookings_user ON agenda_bookings (user_id, event_id);
--bun:split
CREATE TABLE agenda_letters (
  event_id integer NOT NULL REFERENCES agenda_events (id) ON DELETE CASCADE,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  step text NOT NULL,
  at text NOT NULL,
  PRIMARY KEY (event_id, user_id, step)
) STRICT;
--bun:split
CREATE TABLE agenda_links (
  user_id integer PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  link text NOT NULL UNIQUE,
  created_at text NOT NULL
) STRICT;
