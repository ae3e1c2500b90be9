-- What was not understood of a notice, kept for a person to see and a later reader to read.
ALTER TABLE notices ADD COLUMN unread text NOT NULL DEFAULT '';
--bun:split
CREATE INDEX notices_unread ON notices (id) WHERE unread <> '';
