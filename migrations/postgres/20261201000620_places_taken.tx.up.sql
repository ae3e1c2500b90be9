-- How many places of a position somebody was hired for: a fact of the position,
-- which stays when the journey of who was hired is erased.
ALTER TABLE lots ADD COLUMN taken integer NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE lots ADD COLUMN taken_at timestamptz;
--bun:split
UPDATE lots SET taken = (SELECT COUNT(*) FROM proposals p WHERE p.lot_id = lots.id AND p.state = 'hired'),
  taken_at = (SELECT MAX(p.answered_at) FROM proposals p WHERE p.lot_id = lots.id AND p.state = 'hired');
