-- Of a step told of several proposals, the first stays.
CREATE TABLE reminders_new (
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
INSERT INTO reminders_new (id, subject, subject_id, step, user_id, standing_for, how, letter_id, after_event, event_id, at)
SELECT r.id, r.subject, r.subject_id, r.step, r.user_id, r.standing_for, r.how, r.letter_id, r.after_event, r.event_id, r.at FROM reminders r
WHERE NOT EXISTS (SELECT 1 FROM reminders b WHERE b.subject = r.subject AND b.subject_id = r.subject_id AND b.step = r.step AND b.user_id = r.user_id AND b.id < r.id) ORDER BY r.id;
--bun:split
DROP TABLE reminders;
--bun:split
ALTER TABLE reminders_new RENAME TO reminders;
--bun:split
CREATE INDEX reminders_letter ON reminders (letter_id, id);
--bun:split
CREATE INDEX reminders_user ON reminders (user_id, subject, id);
