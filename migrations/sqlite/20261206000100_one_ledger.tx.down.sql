CREATE TABLE search_news_new (
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  opportunity_id integer NOT NULL REFERENCES opportunities (id) ON DELETE CASCADE,
  revision integer NOT NULL,
  search_id integer NOT NULL,
  letter_id integer NOT NULL REFERENCES search_letters (id) ON DELETE CASCADE,
  what text NOT NULL,
  after_event integer NOT NULL DEFAULT 0,
  event_id integer NOT NULL DEFAULT 0,
  PRIMARY KEY (user_id, opportunity_id, revision)
) STRICT;
--bun:split
INSERT INTO search_news_new (user_id, opportunity_id, revision, search_id, letter_id, what, after_event, event_id)
  SELECT user_id, opportunity_id, revision, search_id, letter_id, what, after_event, event_id FROM search_news WHERE letter_id IS NOT NULL;
--bun:split
DROP TABLE search_news;
--bun:split
ALTER TABLE search_news_new RENAME TO search_news;
--bun:split
CREATE INDEX search_news_letter ON search_news (letter_id, search_id, opportunity_id);
--bun:split
CREATE TABLE bulletin_told_new (
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  match_id integer NOT NULL REFERENCES matches (id) ON DELETE CASCADE,
  revision integer NOT NULL,
  letter_id integer NOT NULL REFERENCES bulletin_letters (id) ON DELETE CASCADE,
  PRIMARY KEY (user_id, match_id, revision)
) STRICT;
--bun:split
INSERT INTO bulletin_told_new (user_id, match_id, revision, letter_id) SELECT user_id, match_id, revision, letter_id FROM bulletin_told WHERE letter_id IS NOT NULL;
--bun:split
DROP TABLE bulletin_told;
--bun:split
ALTER TABLE bulletin_told_new RENAME TO bulletin_told;
--bun:split
CREATE INDEX bulletin_told_letter ON bulletin_told (letter_id, match_id);
