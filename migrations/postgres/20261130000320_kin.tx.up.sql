-- The procurements that hold, or held, a notice of a buyer and title. They take the place of
-- the names that pointed to the last one read only.
CREATE TABLE notice_kin (
  name text NOT NULL,
  key text NOT NULL,
  PRIMARY KEY (name, key)
);
--bun:split
INSERT INTO notice_kin (name, key) SELECT substr(name, 7), key FROM notice_names WHERE name LIKE 'title:%';
--bun:split
INSERT INTO notice_kin (name, key) SELECT substr(name, 8), key FROM notice_names WHERE name LIKE 'orphan:%' ON CONFLICT (name, key) DO NOTHING;
--bun:split
DELETE FROM notice_names WHERE name LIKE 'title:%' OR name LIKE 'orphan:%' OR name LIKE 'call:%';
