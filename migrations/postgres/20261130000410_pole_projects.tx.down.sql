DROP INDEX pole_projects_hole;
--bun:split
DROP TABLE pole_project_events;
--bun:split
ALTER TABLE pole_projects DROP COLUMN created_at;
--bun:split
ALTER TABLE pole_projects DROP COLUMN created_by;
--bun:split
ALTER TABLE pole_projects DROP COLUMN evidence;
--bun:split
ALTER TABLE pole_projects DROP COLUMN territory;
--bun:split
ALTER TABLE pole_projects DROP COLUMN sector;
--bun:split
ALTER TABLE pole_projects DROP COLUMN hole;
