-- What tells an employer by e-mail that cards wait for an answer: how many, and
-- never of whom. begun_at is when it was counted: a card presented later has
-- another letter.
CREATE TABLE card_letters (
  id integer PRIMARY KEY AUTOINCREMENT,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  lot_id integer NOT NULL REFERENCES lots (id) ON DELETE CASCADE,
  what text NOT NULL,
  made_at text NOT NULL,
  begun_at text,
  sent_at text
) STRICT;
--bun:split
CREATE INDEX card_letters_waiting ON card_letters (lot_id, user_id, what) WHERE begun_at IS NULL;
--bun:split
ALTER TABLE proposals ADD COLUMN reminded_at text;
