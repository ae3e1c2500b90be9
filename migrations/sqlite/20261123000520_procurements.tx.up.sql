-- Pairs of procurements that may be one: proposed by their likeness, judged by a person.
CREATE TABLE procurement_pairs (
  id integer PRIMARY KEY AUTOINCREMENT,
  low text NOT NULL,
  high text NOT NULL,
  score real NOT NULL,
  verdict text NOT NULL,
  moved text NOT NULL,
  proposed_at text NOT NULL,
  judged_at text,
  judged_by integer REFERENCES users (id) ON DELETE SET NULL,
  UNIQUE (low, high),
  CHECK (low < high)
) STRICT;
--bun:split
CREATE INDEX procurement_pairs_verdict ON procurement_pairs (verdict, id);
--bun:split
CREATE INDEX notices_buyer_siren ON notices (buyer_siren, published);
--bun:split
CREATE INDEX notices_buyer_name ON notices (buyer_name, published);
--bun:split
-- The last event of an opportunity that an account has seen.
CREATE TABLE opportunity_sights (
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  opportunity_id integer NOT NULL REFERENCES opportunities (id) ON DELETE CASCADE,
  revision integer NOT NULL,
  event_id integer NOT NULL,
  seen_at text NOT NULL,
  PRIMARY KEY (user_id, opportunity_id)
) STRICT;
