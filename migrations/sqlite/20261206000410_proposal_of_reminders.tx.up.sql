-- A match that was withdrawn and proposed again is told again: a line says of which
-- proposal it is, by the event that restored it; 0: the first.
CREATE TABLE reminders_new (
  id integer PRIMARY KEY AUTOINCREMENT,
  subject text NOT NULL,
  subject_id integer NOT NULL,
  step text NOT NULL,
  proposal integer NOT NULL DEFAULT 0,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  standing_for integer NOT NULL,
  how text NOT NULL,
  letter_id integer REFERENCES reminder_letters (id) ON DELETE CASCADE,
  after_event integer NOT NULL,
  event_id integer NOT NULL,
  at text NOT NULL,
  UNIQUE (subject, subject_id, step, proposal, user_id)
) STRICT;
--bun:split
INSERT INTO reminders_new (id, subject, subject_id, step, user_id, standing_for, how, letter_id, after_event, event_id, at, proposal)
SELECT r.id, r.subject, r.subject_id, r.step, r.user_id, r.standing_for, r.how, r.letter_id, r.after_event, r.event_id, r.at,
  CASE WHEN r.subject IN ('match', 'wider', 'rung') THEN COALESCE((SELECT max(e.id) FROM match_events e WHERE e.match_id = r.subject_id AND e.kind = 'restored' AND e.at <= r.at), 0) ELSE 0 END
FROM reminders r ORDER BY r.id;
--bun:split
DROP TABLE reminders;
--bun:split
ALTER TABLE reminders_new RENAME TO reminders;
--bun:split
CREATE INDEX reminders_letter ON reminders (letter_id, id);
--bun:split
CREATE INDEX reminders_user ON reminders (user_id, subject, id);
