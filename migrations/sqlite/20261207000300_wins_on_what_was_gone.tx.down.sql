UPDATE pursuits SET state = 'won', revision = revision + 1,
  since = (SELECT MAX(e.at) FROM pursuit_events e WHERE e.match_id = pursuits.match_id AND e.to_state = 'won')
WHERE state = 'no_award' AND match_id IN (SELECT match_id FROM pursuit_events WHERE origin = 'gone');
--bun:split
DELETE FROM pursuit_events WHERE origin = 'gone';
