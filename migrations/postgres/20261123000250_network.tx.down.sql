DROP TABLE partnership_signatories;
--bun:split
DROP TABLE partnerships;
--bun:split
DROP TABLE pole_projects;
--bun:split
DROP TABLE pole_members;
--bun:split
DROP TABLE poles;
--bun:split
DROP TABLE group_members;
--bun:split
DROP TABLE groups;
--bun:split
DROP TABLE track_records;
--bun:split
DROP TABLE certifications;
--bun:split
DROP TABLE activities;
--bun:split
DROP TABLE legal_statuses;
--bun:split
DROP TABLE sites;
--bun:split
DROP TABLE memberships;
--bun:split
DROP TABLE organisations;
