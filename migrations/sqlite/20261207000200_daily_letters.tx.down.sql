DROP TABLE daily_parts;
--bun:split
DROP TABLE daily_letters;
