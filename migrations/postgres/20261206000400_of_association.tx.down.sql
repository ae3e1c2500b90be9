ALTER TABLE consortia DROP COLUMN created_for;
--bun:split
ALTER TABLE legal_messages DROP COLUMN author_for;
