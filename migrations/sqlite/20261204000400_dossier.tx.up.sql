-- The answer file of an enterprise: the bytes of its papers, kept once, its pieces,
-- and what is decided of each piece of one answer.
CREATE TABLE dossier_files (
  id integer PRIMARY KEY AUTOINCREMENT,
  organisation_id integer NOT NULL REFERENCES organisations (id),
  sha256 text NOT NULL,
  media_type text NOT NULL,
  size integer NOT NULL,
  created_at text NOT NULL,
  UNIQUE (organisation_id, sha256)
) STRICT;
--bun:split
CREATE TABLE dossier_bytes (
  file_id integer NOT NULL REFERENCES dossier_files (id) ON DELETE CASCADE,
  position integer NOT NULL,
  content blob NOT NULL,
  PRIMARY KEY (file_id, position)
) STRICT;
--bun:split
CREATE TABLE dossier_pieces (
  id integer PRIMARY KEY AUTOINCREMENT,
  organisation_id integer NOT NULL REFERENCES organisations (id),
  match_id integer REFERENCES matches (id),
  kind text NOT NULL,
  title text NOT NULL,
  issued_on text NOT NULL,
  valid_until text NOT NULL,
  file_id integer REFERENCES dossier_files (id),
  file_name text NOT NULL,
  added_by integer,
  added_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX dossier_pieces_organisation ON dossier_pieces (organisation_id, kind, id);
--bun:split
CREATE INDEX dossier_pieces_match ON dossier_pieces (match_id);
--bun:split
CREATE INDEX dossier_pieces_file ON dossier_pieces (file_id);
--bun:split
CREATE TABLE answer_choices (
  match_id integer NOT NULL REFERENCES matches (id),
  kind text NOT NULL,
  needed text NOT NULL,
  decided_by integer,
  decided_at text NOT NULL,
  PRIMARY KEY (match_id, kind)
) STRICT;
