-- What a second version would publish beside the one that stands, for who decides.
ALTER TABLE release_requests ADD COLUMN preview text NOT NULL DEFAULT '';
