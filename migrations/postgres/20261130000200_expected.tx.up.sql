-- Calls that nobody has published yet, foreseen from awards.
ALTER TABLE opportunities ADD COLUMN forecast jsonb;
--bun:split
ALTER TABLE opportunities ADD COLUMN expected_on text NOT NULL DEFAULT '';
--bun:split
CREATE INDEX opportunities_expected ON opportunities (kind, expected_on, id);
--bun:split
CREATE INDEX opportunities_expected_buyer ON opportunities (substr(key, 1, 18)) WHERE kind = 'expected';
