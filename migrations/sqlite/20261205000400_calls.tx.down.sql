DROP TABLE interest_events;
--bun:split
DROP TABLE interests;
--bun:split
DROP TABLE calls;
--bun:split
ALTER TABLE opportunities DROP COLUMN transferor_id;
--bun:split
DROP TABLE project_members;
--bun:split
ALTER TABLE pole_projects DROP COLUMN needs;
