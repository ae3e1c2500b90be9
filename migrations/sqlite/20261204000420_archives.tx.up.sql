-- What was sent, frozen: only added to.
CREATE TABLE answer_archives (
  id integer PRIMARY KEY AUTOINCREMENT,
  match_id integer NOT NULL REFERENCES matches (id),
  organisation_id integer NOT NULL REFERENCES organisations (id),
  number integer NOT NULL,
  submitted_on text NOT NULL,
  frozen_at text NOT NULL,
  frozen_by integer,
  manifest text NOT NULL,
  sha256 text NOT NULL,
  size integer NOT NULL,
  UNIQUE (match_id, number)
) STRICT;
--bun:split
CREATE INDEX answer_archives_organisation ON answer_archives (organisation_id, id);
--bun:split
CREATE TABLE answer_archive_files (
  archive_id integer NOT NULL REFERENCES answer_archives (id),
  path text NOT NULL,
  file_id integer NOT NULL REFERENCES dossier_files (id),
  PRIMARY KEY (archive_id, path)
) STRICT;
--bun:split
CREATE INDEX answer_archive_files_file ON answer_archive_files (file_id);
