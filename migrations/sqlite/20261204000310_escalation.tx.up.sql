-- What somebody was reminded of: a letter a person and day, and a line a thing,
-- step and person. What is due is what has no line yet.
CREATE TABLE reminder_letters (
  id integer PRIMARY KEY AUTOINCREMENT,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  day text NOT NULL,
  link text,
  made_at text NOT NULL,
  sent_at text,
  UNIQUE (user_id, day)
) STRICT;
--bun:split
CREATE INDEX reminder_letters_link ON reminder_letters (link);
--bun:split
CREATE TABLE reminders (
  id integer PRIMARY KEY AUTOINCREMENT,
  subject text NOT NULL,
  subject_id integer NOT NULL,
  step text NOT NULL,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  standing_for integer NOT NULL,
  how text NOT NULL,
  letter_id integer REFERENCES reminder_letters (id) ON DELETE CASCADE,
  after_event integer NOT NULL,
  event_id integer NOT NULL,
  at text NOT NULL,
  UNIQUE (subject, subject_id, step, user_id)
) STRICT;
--bun:split
CREATE INDEX reminders_letter ON reminders (letter_id, id);
--bun:split
CREATE INDEX reminders_user ON reminders (user_id, subject, id);
--bun:split
-- Who asked for no such letters. What waits for them is still on their pages.
CREATE TABLE reminder_silences (
  user_id integer PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  at text NOT NULL
) STRICT;
