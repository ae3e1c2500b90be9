-- Saved searches, the letters that tell their news, and what was told to whom.
CREATE TABLE searches (
  id integer PRIMARY KEY AUTOINCREMENT,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name text NOT NULL,
  criteria text NOT NULL,
  frequency text NOT NULL,
  link text UNIQUE,
  told_until text NOT NULL,
  created_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX searches_user ON searches (user_id, id);
--bun:split
-- One letter a person and day; link is the digest of the secret that stops them.
CREATE TABLE search_letters (
  id integer PRIMARY KEY AUTOINCREMENT,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  day text NOT NULL,
  link text UNIQUE,
  made_at text NOT NULL,
  sent_at text,
  UNIQUE (user_id, day)
) STRICT;
--bun:split
CREATE TABLE search_news (
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  opportunity_id integer NOT NULL REFERENCES opportunities (id) ON DELETE CASCADE,
  revision integer NOT NULL,
  search_id integer NOT NULL,
  letter_id integer NOT NULL REFERENCES search_letters (id) ON DELETE CASCADE,
  what text NOT NULL,
  PRIMARY KEY (user_id, opportunity_id, revision)
) STRICT;
--bun:split
CREATE INDEX search_news_letter ON search_news (letter_id, search_id, opportunity_id);
--bun:split
CREATE INDEX opportunities_updated ON opportunities (updated_at, id);
