-- How far the network looks for who could answer a lot, beyond the place of the
-- lot: an expression of perimeter, empty where nobody widened it.
ALTER TABLE lots ADD COLUMN wider text NOT NULL DEFAULT '';
--bun:split
ALTER TABLE lots ADD COLUMN widened_at timestamptz;
