-- One letter a person and day holds all that other nouns have to tell; a letter without
-- a day leaves at once. A part waits for the next letter of its reader.
CREATE TABLE daily_letters (
  id integer PRIMARY KEY AUTOINCREMENT,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  day text,
  link text,
  sent_at text,
  UNIQUE (user_id, day)
) STRICT;
--bun:split
CREATE INDEX daily_letters_link ON daily_letters (link);
--bun:split
CREATE TABLE daily_parts (
  id integer PRIMARY KEY AUTOINCREMENT,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind text NOT NULL,
  args text NOT NULL,
  letter_id integer REFERENCES daily_letters (id) ON DELETE CASCADE
) STRICT;
--bun:split
CREATE INDEX daily_parts_waiting ON daily_parts (user_id, id) WHERE letter_id IS NULL;
--bun:split
CREATE INDEX daily_parts_letter ON daily_parts (letter_id, id);
