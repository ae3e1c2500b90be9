-- Of a step told of several proposals, the first stays.
DELETE FROM reminders r WHERE EXISTS (SELECT 1 FROM reminders b WHERE b.subject = r.subject AND b.subject_id = r.subject_id AND b.step = r.step AND b.user_id = r.user_id AND b.id < r.id);
--bun:split
ALTER TABLE reminders DROP COLUMN proposal;
--bun:split
ALTER TABLE reminders ADD UNIQUE (subject, subject_id, step, user_id);
