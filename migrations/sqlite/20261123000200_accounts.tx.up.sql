-- Who may come in, and the trail of what they change. Secrets are kept as digests only.
CREATE TABLE users (
  id integer PRIMARY KEY AUTOINCREMENT,
  email text NOT NULL,
  email_folded text NOT NULL UNIQUE,
  name text NOT NULL,
  role text NOT NULL,
  lang text NOT NULL,
  organisation_id integer NOT NULL,
  perimeter text NOT NULL,
  password text NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL,
  signed_in_at text,
  disabled_at text
) STRICT;
--bun:split
CREATE INDEX users_organisation ON users (organisation_id);
--bun:split
CREATE TABLE sessions (
  id integer PRIMARY KEY AUTOINCREMENT,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  digest text NOT NULL UNIQUE,
  device text NOT NULL,
  created_at text NOT NULL,
  seen_at text NOT NULL,
  expires_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX sessions_user ON sessions (user_id);
--bun:split
CREATE TABLE invitations (
  id integer PRIMARY KEY AUTOINCREMENT,
  email text NOT NULL,
  email_folded text NOT NULL,
  role text NOT NULL,
  organisation_id integer NOT NULL,
  siret text NOT NULL,
  perimeter text NOT NULL,
  lang text NOT NULL,
  invited_by integer NOT NULL,
  digest text UNIQUE,
  created_at text NOT NULL,
  expires_at text NOT NULL,
  sent_at text,
  accepted_at text,
  withdrawn_at text,
  user_id integer REFERENCES users (id) ON DELETE SET NULL
) STRICT;
--bun:split
CREATE INDEX invitations_email ON invitations (email_folded);
--bun:split
-- user_id is null when the address is nobody's: asking costs the same either way.
CREATE TABLE password_resets (
  id integer PRIMARY KEY AUTOINCREMENT,
  user_id integer REFERENCES users (id) ON DELETE CASCADE,
  digest text UNIQUE,
  created_at text NOT NULL,
  expires_at text NOT NULL,
  used_at text
) STRICT;
--bun:split
CREATE INDEX password_resets_user ON password_resets (user_id);
--bun:split
CREATE TABLE api_tokens (
  id integer PRIMARY KEY AUTOINCREMENT,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name text NOT NULL,
  prefix text NOT NULL,
  digest text NOT NULL UNIQUE,
  scopes text NOT NULL,
  created_at text NOT NULL,
  expires_at text NOT NULL,
  used_at text,
  revoked_at text
) STRICT;
--bun:split
CREATE INDEX api_tokens_user ON api_tokens (user_id);
--bun:split
-- user_id has no foreign key: the trail outlives the account.
CREATE TABLE audit_entries (
  id integer PRIMARY KEY AUTOINCREMENT,
  at text NOT NULL,
  user_id integer NOT NULL,
  role text NOT NULL,
  action text NOT NULL,
  entity text NOT NULL,
  entity_id integer NOT NULL,
  request_id text NOT NULL,
  fields text NOT NULL,
  before_digest text NOT NULL,
  after_digest text NOT NULL
) STRICT;
--bun:split
CREATE INDEX audit_entries_entity ON audit_entries (entity, entity_id, id);
--bun:split
CREATE INDEX audit_entries_user ON audit_entries (user_id, id);
