-- A match that was withdrawn and proposed again is told again: a line says of which
-- proposal it is, by the event that restored it; 0: the first.
ALTER TABLE reminders ADD COLUMN proposal bigint NOT NULL DEFAULT 0;
--bun:split
UPDATE reminders AS r SET proposal = COALESCE((SELECT max(e.id) FROM match_events e WHERE e.match_id = r.subject_id AND e.kind = 'restored' AND e.at <= r.at), 0) WHERE r.subject IN ('match', 'wider', 'rung');
--bun:split
ALTER TABLE reminders DROP CONSTRAINT reminders_subject_subject_id_step_user_id_key;
--bun:split
ALTER TABLE reminders ADD UNIQUE (subject, subject_id, step, proposal, user_id);
