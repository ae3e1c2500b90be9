-- Programs that are told of what is new: where, of what, and with which secret what
-- they are sent is signed. The secret is kept as it is: a digest cannot sign.
CREATE TABLE webhooks (
  id integer PRIMARY KEY AUTOINCREMENT,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name text NOT NULL,
  url text NOT NULL,
  events text NOT NULL,
  secret text NOT NULL,
  old_secrets text NOT NULL,
  old_until text,
  off text NOT NULL,
  off_at text,
  failing_since text,
  since text NOT NULL,
  told_until text NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL,
  UNIQUE (user_id, url)
) STRICT;
--bun:split
CREATE INDEX webhooks_user ON webhooks (user_id, id);
--bun:split
-- What each was told: once a thing, kind and revision.
CREATE TABLE webhook_messages (
  id integer PRIMARY KEY AUTOINCREMENT,
  webhook_id integer NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  type text NOT NULL,
  subject text NOT NULL,
  subject_id integer NOT NULL,
  revision integer NOT NULL,
  key text NOT NULL,
  body text NOT NULL,
  state text NOT NULL,
  created_at text NOT NULL,
  settled_at text,
  UNIQUE (webhook_id, subject, subject_id, revision)
) STRICT;
--bun:split
CREATE INDEX webhook_messages_created ON webhook_messages (created_at, id);
--bun:split
CREATE TABLE webhook_attempts (
  id integer PRIMARY KEY AUTOINCREMENT,
  message_id integer NOT NULL REFERENCES webhook_messages (id) ON DELETE CASCADE,
  at text NOT NULL,
  status integer NOT NULL,
  fault text NOT NULL,
  took_ms integer NOT NULL
) STRICT;
--bun:split
CREATE INDEX webhook_attempts_message ON webhook_attempts (message_id, id);
--bun:split
-- What happened to matches and to their answers is looked for by date.
CREATE INDEX match_events_at ON match_events (at, id);
--bun:split
CREATE INDEX pursuit_events_at ON pursuit_events (at, id);
