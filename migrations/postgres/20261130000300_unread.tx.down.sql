DROP INDEX notices_unread;
--bun:split
ALTER TABLE notices DROP COLUMN unread;
