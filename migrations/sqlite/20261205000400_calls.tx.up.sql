-- What a project of a pole needs, and who of the pole is in it.
ALTER TABLE pole_projects ADD COLUMN needs text NOT NULL DEFAULT '';
--bun:split
CREATE TABLE project_members (
  project_id integer NOT NULL REFERENCES pole_projects (id) ON DELETE CASCADE,
  organisation_id integer NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  PRIMARY KEY (project_id, organisation_id)
) STRICT;
--bun:split
CREATE INDEX project_members_organisation ON project_members (organisation_id);
--bun:split
-- Who hands an activity over: named to those alone whom they accept.
ALTER TABLE opportunities ADD COLUMN transferor_id integer REFERENCES organisations (id);
--bun:split
-- What a call says beyond its opportunity: who speaks for it, the pole that it is of,
-- the terms of what is handed over. Key: the gesture that published it.
CREATE TABLE calls (
  opportunity_id integer PRIMARY KEY REFERENCES opportunities (id),
  key text NOT NULL UNIQUE,
  pole_id integer REFERENCES poles (id) ON DELETE SET NULL,
  author_id integer REFERENCES organisations (id),
  handover text,
  created_at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX calls_pole ON calls (pole_id, opportunity_id);
--bun:split
-- Who would answer a call, what its author said of them, and each step, only added to.
CREATE TABLE interests (
  id integer PRIMARY KEY AUTOINCREMENT,
  opportunity_id integer NOT NULL REFERENCES opportunities (id),
  organisation_id integer NOT NULL REFERENCES organisations (id),
  word text NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  note text NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL,
  UNIQUE (opportunity_id, organisation_id)
) STRICT;
--bun:split
CREATE INDEX interests_organisation ON interests (organisation_id, id);
--bun:split
CREATE TABLE interest_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  interest_id integer NOT NULL REFERENCES interests (id),
  at text NOT NULL,
  actor_id integer,
  from_state text NOT NULL,
  to_state text NOT NULL,
  reason text NOT NULL,
  note text NOT NULL
) STRICT;
--bun:split
CREATE INDEX interest_events_interest ON interest_events (interest_id, id);
