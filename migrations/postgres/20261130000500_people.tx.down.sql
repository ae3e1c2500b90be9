DROP TABLE agreements;
--bun:split
DROP TABLE people;
