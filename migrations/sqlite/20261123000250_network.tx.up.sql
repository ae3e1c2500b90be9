-- Organisations and what ties them. Dates are YYYY-MM-DD texts, empty where unknown.
CREATE TABLE organisations (
  id integer PRIMARY KEY AUTOINCREMENT,
  role text NOT NULL,
  kind text NOT NULL,
  siret text NOT NULL,
  name text NOT NULL,
  brand text NOT NULL,
  naf text NOT NULL,
  description text NOT NULL,
  website text NOT NULL,
  email text NOT NULL,
  phone text NOT NULL,
  ess_since text NOT NULL,
  turnover real NOT NULL,
  insurance real NOT NULL,
  excluded_by text NOT NULL,
  active integer NOT NULL,
  findings text NOT NULL,
  confirmed text NOT NULL,
  source text NOT NULL,
  digest text NOT NULL,
  folded text NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE TABLE memberships (
  organisation_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  network_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  since text NOT NULL,
  until text NOT NULL,
  PRIMARY KEY (organisation_id, network_id)
) STRICT;
--bun:split
CREATE TABLE sites (
  id integer PRIMARY KEY AUTOINCREMENT,
  organisation_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  main integer NOT NULL,
  address text NOT NULL,
  postcode text NOT NULL,
  city text NOT NULL,
  commune text NOT NULL,
  lon real,
  lat real
) STRICT;
--bun:split
CREATE TABLE legal_statuses (
  id integer PRIMARY KEY AUTOINCREMENT,
  organisation_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  kind text NOT NULL,
  valid_from text NOT NULL,
  valid_until text NOT NULL,
  fte real NOT NULL,
  share real NOT NULL,
  proof text NOT NULL,
  origin text NOT NULL
) STRICT;
--bun:split
CREATE TABLE activities (
  id integer PRIMARY KEY AUTOINCREMENT,
  organisation_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  label text NOT NULL,
  codes text NOT NULL,
  modes text NOT NULL,
  zone text NOT NULL,
  fte real NOT NULL,
  hours real NOT NULL,
  amount real NOT NULL,
  origin text NOT NULL,
  zone_origin text NOT NULL
) STRICT;
--bun:split
CREATE TABLE certifications (
  id integer PRIMARY KEY AUTOINCREMENT,
  organisation_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  code text NOT NULL,
  name text NOT NULL,
  valid_from text NOT NULL,
  valid_until text NOT NULL
) STRICT;
--bun:split
CREATE TABLE track_records (
  id integer PRIMARY KEY AUTOINCREMENT,
  organisation_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  title text NOT NULL,
  cpv text NOT NULL,
  place text NOT NULL,
  buyer text NOT NULL,
  buyer_siret text NOT NULL,
  reserved_ess integer NOT NULL,
  year integer NOT NULL,
  amount real NOT NULL
) STRICT;
--bun:split
CREATE TABLE groups (
  id integer PRIMARY KEY AUTOINCREMENT,
  key text NOT NULL UNIQUE,
  name text NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL
) STRICT;
--bun:split
CREATE TABLE group_members (
  group_id integer NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  organisation_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  PRIMARY KEY (group_id, organisation_id)
) STRICT;
--bun:split
CREATE TABLE poles (
  id integer PRIMARY KEY AUTOINCREMENT,
  key text NOT NULL UNIQUE,
  name text NOT NULL,
  seat text NOT NULL,
  territory text NOT NULL,
  stage text NOT NULL,
  description text NOT NULL,
  since text NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE TABLE pole_members (
  pole_id integer NOT NULL REFERENCES poles (id) ON DELETE CASCADE,
  organisation_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  PRIMARY KEY (pole_id, organisation_id)
) STRICT;
--bun:split
CREATE TABLE pole_projects (
  id integer PRIMARY KEY AUTOINCREMENT,
  pole_id integer NOT NULL REFERENCES poles (id) ON DELETE CASCADE,
  title text NOT NULL,
  description text NOT NULL,
  state text NOT NULL
) STRICT;
--bun:split
CREATE TABLE partnerships (
  id integer PRIMARY KEY AUTOINCREMENT,
  key text NOT NULL UNIQUE,
  parent_id integer REFERENCES partnerships (id) ON DELETE CASCADE,
  name text NOT NULL,
  sectors text NOT NULL,
  territory text NOT NULL,
  valid_from text NOT NULL,
  valid_until text NOT NULL,
  description text NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE TABLE partnership_signatories (
  partnership_id integer NOT NULL REFERENCES partnerships (id) ON DELETE CASCADE,
  organisation_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  PRIMARY KEY (partnership_id, organisation_id)
) STRICT;
--bun:split
CREATE UNIQUE INDEX organisations_identity ON organisations (siret, kind) WHERE siret <> '';
--bun:split
CREATE INDEX organisations_role ON organisations (role, id);
--bun:split
CREATE INDEX organisations_name ON organisations (folded, id);
--bun:split
CREATE INDEX memberships_network ON memberships (network_id, organisation_id);
--bun:split
CREATE INDEX sites_organisation ON sites (organisation_id);
--bun:split
CREATE INDEX sites_commune ON sites (commune);
--bun:split
CREATE INDEX legal_statuses_organisation ON legal_statuses (organisation_id);
--bun:split
CREATE INDEX activities_organisation ON activities (organisation_id);
--bun:split
CREATE INDEX certifications_organisation ON certifications (organisation_id);
--bun:split
CREATE INDEX track_records_organisation ON track_records (organisation_id);
--bun:split
CREATE INDEX group_members_organisation ON group_members (organisation_id);
--bun:split
CREATE INDEX pole_members_organisation ON pole_members (organisation_id);
--bun:split
CREATE INDEX pole_projects_pole ON pole_projects (pole_id);
--bun:split
CREATE INDEX partnership_signatories_organisation ON partnership_signatories (organisation_id);
