-- The association for which somebody answered or composed a group, as it was then:
-- its report tells its own work. What was done before is of where they are today.
ALTER TABLE legal_messages ADD COLUMN author_for integer NOT NULL DEFAULT 0;
--bun:split
UPDATE legal_messages SET author_for = COALESCE((SELECT u.organisation_id FROM users u WHERE u.id = legal_messages.author_id), 0);
--bun:split
ALTER TABLE consortia ADD COLUMN created_for integer NOT NULL DEFAULT 0;
--bun:split
UPDATE consortia SET created_for = COALESCE((SELECT u.organisation_id FROM users u WHERE u.id = consortia.created_by), 0);
