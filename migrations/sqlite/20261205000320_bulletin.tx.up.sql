-- Letters of the week and alerts: one to somebody an audience and key (the week; of an
-- alert, the last event that it tells).
CREATE TABLE bulletin_partners (
  id integer PRIMARY KEY AUTOINCREMENT,
  organisation_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  email text NOT NULL,
  email_folded text NOT NULL,
  lang text NOT NULL,
  territory text NOT NULL,
  reason text NOT NULL,
  added_by integer REFERENCES users (id) ON DELETE SET NULL,
  link text,
  asked_at text NOT NULL,
  confirmed_at text,
  ended_at text,
  UNIQUE (organisation_id, email_folded)
) STRICT;
--bun:split
CREATE INDEX bulletin_partners_link ON bulletin_partners (link);
--bun:split
CREATE TABLE bulletin_letters (
  id integer PRIMARY KEY AUTOINCREMENT,
  audience text NOT NULL,
  user_id integer REFERENCES users (id) ON DELETE CASCADE,
  partner_id integer REFERENCES bulletin_partners (id) ON DELETE CASCADE,
  key text NOT NULL,
  link text,
  made_at text NOT NULL,
  sent_at text,
  UNIQUE (audience, user_id, key),
  UNIQUE (audience, partner_id, key)
) STRICT;
--bun:split
CREATE INDEX bulletin_letters_link ON bulletin_letters (link);
--bun:split
-- What each account was told: once a match and revision, whichever letter told it.
CREATE TABLE bulletin_told (
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  match_id integer NOT NULL REFERENCES matches (id) ON DELETE CASCADE,
  revision integer NOT NULL,
  letter_id integer NOT NULL REFERENCES bulletin_letters (id) ON DELETE CASCADE,
  PRIMARY KEY (user_id, match_id, revision)
) STRICT;
--bun:split
CREATE INDEX bulletin_told_letter ON bulletin_told (letter_id, match_id);
--bun:split
CREATE TABLE bulletin_silences (
  user_id integer PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  at text NOT NULL
) STRICT;
--bun:split
-- What an association says of a letter before it leaves.
CREATE TABLE bulletin_editions (
  week text NOT NULL,
  audience text NOT NULL,
  organisation_id integer NOT NULL,
  word text NOT NULL,
  decision text NOT NULL,
  decided_by integer,
  revision integer NOT NULL,
  updated_at text NOT NULL,
  PRIMARY KEY (week, audience, organisation_id)
) STRICT;
