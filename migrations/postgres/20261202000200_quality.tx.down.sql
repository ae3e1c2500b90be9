ALTER TABLE certifications DROP COLUMN source;
--bun:split
DROP TABLE quality_reminders;
--bun:split
DROP TABLE quality_events;
--bun:split
DROP TABLE quality_paths;
