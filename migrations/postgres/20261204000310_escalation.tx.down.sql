DROP TABLE reminder_silences;
--bun:split
DROP TABLE reminders;
--bun:split
DROP TABLE reminder_letters;
