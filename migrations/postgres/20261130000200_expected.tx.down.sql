DROP INDEX opportunities_expected_buyer;
--bun:split
DROP INDEX opportunities_expected;
--bun:split
ALTER TABLE opportunities DROP COLUMN expected_on;
--bun:split
ALTER TABLE opportunities DROP COLUMN forecast;
