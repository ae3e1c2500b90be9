-- What an answer is written with: references, paragraphs with their versions, the
-- data that the forms ask, and what was picked for one answer.
CREATE TABLE dossier_references (
  id integer PRIMARY KEY AUTOINCREMENT,
  organisation_id integer NOT NULL REFERENCES organisations (id),
  match_id integer REFERENCES matches (id),
  object text NOT NULL,
  buyer text NOT NULL,
  amount real NOT NULL,
  year integer NOT NULL,
  contact text NOT NULL,
  agreed_on text NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE UNIQUE INDEX dossier_references_match ON dossier_references (organisation_id, match_id);
--bun:split
CREATE TABLE dossier_paragraphs (
  id integer PRIMARY KEY AUTOINCREMENT,
  organisation_id integer NOT NULL REFERENCES organisations (id),
  theme text NOT NULL,
  title text NOT NULL,
  version integer NOT NULL,
  retired_at text,
  created_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX dossier_paragraphs_organisation ON dossier_paragraphs (organisation_id, theme, id);
--bun:split
CREATE TABLE dossier_paragraph_versions (
  paragraph_id integer NOT NULL REFERENCES dossier_paragraphs (id),
  version integer NOT NULL,
  title text NOT NULL,
  words text NOT NULL,
  written_by integer,
  written_at text NOT NULL,
  PRIMARY KEY (paragraph_id, version)
) STRICT;
--bun:split
CREATE TABLE dossier_candidates (
  organisation_id integer PRIMARY KEY REFERENCES organisations (id),
  legal_form text NOT NULL,
  signatory text NOT NULL,
  quality text NOT NULL,
  capacity text NOT NULL,
  years text NOT NULL,
  revision integer NOT NULL,
  updated_at text NOT NULL
) STRICT;
--bun:split
CREATE TABLE answer_picks (
  match_id integer NOT NULL REFERENCES matches (id),
  what text NOT NULL,
  picked integer NOT NULL,
  version integer NOT NULL,
  position integer NOT NULL,
  PRIMARY KEY (match_id, what, picked)
) STRICT;
