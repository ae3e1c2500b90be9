-- What was told won after its lot was removed, or its call cancelled, was won by nobody:
-- it is told not awarded. The server refuses it since; what was told before stays told.
INSERT INTO pursuit_events (match_id, at, from_state, to_state, reason, note, detail, origin)
SELECT p.match_id, strftime('%Y-%m-%d %H:%M:%f', 'now') || '+00:00', 'won', 'no_award', '', '', '{}', 'gone'
FROM pursuits p JOIN matches m ON m.id = p.match_id JOIN lots l ON l.id = m.lot_id JOIN opportunities o ON o.id = l.opportunity_id
WHERE p.state = 'won' AND (
  o.state = 'cancelled' AND p.since >= (SELECT MAX(e.at) FROM opportunity_events e WHERE e.opportunity_id = o.id AND e.kind = 'cancelled')
  OR l.withdrawn AND p.since >= (SELECT MAX(e.at) FROM opportunity_events e, json_each(e.diff) d WHERE e.opportunity_id = o.id
    AND json_extract(d.value, '$.field') = 'lots[' || l.number || '].withdrawn' AND json_extract(d.value, '$.after')))
ORDER BY p.match_id;
--bun:split
UPDATE pursuits SET state = 'no_award', reason = '', revision = revision + 1,
  since = (SELECT MAX(e.at) FROM pursuit_events e WHERE e.match_id = pursuits.match_id AND e.origin = 'gone'),
  updated_at = (SELECT MAX(e.at) FROM pursuit_events e WHERE e.match_id = pursuits.match_id AND e.origin = 'gone')
WHERE state = 'won' AND match_id IN (SELECT match_id FROM pursuit_events WHERE origin = 'gone');
