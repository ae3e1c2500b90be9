ALTER TABLE release_versions ADD COLUMN zones text NOT NULL DEFAULT '';
