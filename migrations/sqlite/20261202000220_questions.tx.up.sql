-- The legal desk: a question is its asker's and its desk's alone, its messages
-- are only added to. An answer that is published is a text of its own, rewritten:
-- nothing of it says who asked. folded is what a search reads.
CREATE TABLE legal_questions (
  id integer PRIMARY KEY AUTOINCREMENT,
  user_id integer NOT NULL REFERENCES users (id),
  organisation_id integer NOT NULL,
  theme text NOT NULL,
  title text NOT NULL,
  commune text NOT NULL,
  region text NOT NULL,
  state text NOT NULL,
  adviser_id integer NOT NULL,
  revision integer NOT NULL,
  asked_at text NOT NULL,
  taken_at text,
  replied_at text,
  answered_at text,
  closed_at text,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX legal_questions_state ON legal_questions (state, asked_at, id);
--bun:split
CREATE INDEX legal_questions_organisation ON legal_questions (organisation_id, id);
--bun:split
CREATE TABLE legal_messages (
  id integer PRIMARY KEY AUTOINCREMENT,
  question_id integer NOT NULL REFERENCES legal_questions (id) ON DELETE CASCADE,
  kind text NOT NULL,
  body text NOT NULL,
  author_id integer NOT NULL,
  at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX legal_messages_question ON legal_messages (question_id, id);
--bun:split
CREATE TABLE legal_letters (
  message_id integer NOT NULL REFERENCES legal_messages (id) ON DELETE CASCADE,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  at text NOT NULL,
  PRIMARY KEY (message_id, user_id)
) STRICT;
--bun:split
CREATE TABLE legal_answers (
  id integer PRIMARY KEY AUTOINCREMENT,
  question_id integer NOT NULL UNIQUE REFERENCES legal_questions (id),
  theme text NOT NULL,
  title text NOT NULL,
  question text NOT NULL,
  answer text NOT NULL,
  folded text NOT NULL,
  published integer NOT NULL,
  revision integer NOT NULL,
  published_on text NOT NULL,
  updated_at text NOT NULL
) STRICT;
