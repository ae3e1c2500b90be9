-- The life of a match after it was proposed: a row is the projection of its
-- events. The answers given before are carried over: each event as it was told,
-- and what only the match says.
CREATE TABLE pursuits (
  match_id integer PRIMARY KEY REFERENCES matches (id) ON DELETE CASCADE,
  state text NOT NULL,
  since text NOT NULL,
  reason text NOT NULL,
  note text NOT NULL,
  role text NOT NULL,
  consortium_id integer REFERENCES consortia (id),
  partners text NOT NULL,
  submitted_on text NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX pursuits_state ON pursuits (state, match_id);
--bun:split
CREATE TABLE pursuit_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  match_id integer NOT NULL REFERENCES matches (id) ON DELETE CASCADE,
  at text NOT NULL,
  actor_id integer,
  from_state text NOT NULL,
  to_state text NOT NULL,
  reason text NOT NULL,
  note text NOT NULL,
  detail text NOT NULL,
  origin text NOT NULL
) STRICT;
--bun:split
CREATE INDEX pursuit_events_match ON pursuit_events (match_id, id);
--bun:split
INSERT INTO pursuit_events (match_id, at, actor_id, from_state, to_state, reason, note, detail, origin)
SELECT match_id, at, actor_id,
  COALESCE(CASE lag(kind) OVER (PARTITION BY match_id ORDER BY id) WHEN 'interested' THEN 'interested' WHEN 'not_for_us' THEN 'declined' END, 'proposed'),
  CASE kind WHEN 'interested' THEN 'interested' ELSE 'declined' END,
  COALESCE(json_extract(detail, '$.reason'), ''), COALESCE(json_extract(detail, '$.note'), ''), '{}', 'carried'
FROM match_events WHERE kind IN ('interested', 'not_for_us') ORDER BY id;
--bun:split
INSERT INTO pursuit_events (match_id, at, actor_id, from_state, to_state, reason, note, detail, origin)
SELECT id, COALESCE(replied_at, updated_at), replied_by, 'proposed', CASE reply WHEN 'interested' THEN 'interested' ELSE 'declined' END,
  reply_reason, reply_note, '{}', 'carried'
FROM matches WHERE reply <> '' AND id NOT IN (SELECT match_id FROM pursuit_events) ORDER BY id;
--bun:split
INSERT INTO pursuits (match_id, state, since, reason, note, role, partners, submitted_on, revision, created_at, updated_at)
SELECT id, CASE reply WHEN 'interested' THEN 'interested' ELSE 'declined' END, COALESCE(replied_at, updated_at), reply_reason, reply_note, '', '[]', '',
  1 + (SELECT count(*) FROM pursuit_events e WHERE e.match_id = matches.id), first_proposed_at, COALESCE(replied_at, updated_at)
FROM matches WHERE reply <> '' ORDER BY id;
