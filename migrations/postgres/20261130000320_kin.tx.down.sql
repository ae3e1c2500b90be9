INSERT INTO notice_names (name, key) SELECT 'title:' || name, max(key) FROM notice_kin GROUP BY name;
--bun:split
DROP TABLE notice_kin;
