-- A project of a pole may come from a need that nobody covers: what it was then, who
-- proposed it, and what became of it.
ALTER TABLE pole_projects ADD COLUMN hole text NOT NULL DEFAULT '';
--bun:split
ALTER TABLE pole_projects ADD COLUMN sector text NOT NULL DEFAULT '';
--bun:split
ALTER TABLE pole_projects ADD COLUMN territory text NOT NULL DEFAULT '';
--bun:split
ALTER TABLE pole_projects ADD COLUMN evidence text;
--bun:split
ALTER TABLE pole_projects ADD COLUMN created_by integer;
--bun:split
ALTER TABLE pole_projects ADD COLUMN created_at text;
--bun:split
CREATE TABLE pole_project_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  project_id integer NOT NULL REFERENCES pole_projects (id) ON DELETE CASCADE,
  at text NOT NULL,
  actor_id integer,
  from_state text NOT NULL,
  to_state text NOT NULL
) STRICT;
--bun:split
CREATE INDEX pole_project_events_project ON pole_project_events (project_id, id);
--bun:split
CREATE UNIQUE INDEX pole_projects_hole ON pole_projects (pole_id, hole) WHERE hole <> '' AND state IN ('idea', 'running');
