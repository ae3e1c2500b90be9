-- When the place or the hours of a position last changed: who was asked before is
-- asked again. Of the changes made until now, those that ended a card are known by
-- it: the position moved after the last of these cards was shown.
ALTER TABLE lots ADD COLUMN moved_at text;
--bun:split
UPDATE lots SET moved_at = (SELECT MAX(p.created_at) FROM proposals p WHERE p.lot_id = lots.id AND p.reason = 'moved')
  WHERE id IN (SELECT lot_id FROM proposals WHERE reason = 'moved');
