DROP INDEX pursuit_events_at;
--bun:split
DROP INDEX match_events_at;
--bun:split
DROP TABLE webhook_attempts;
--bun:split
DROP TABLE webhook_messages;
--bun:split
DROP TABLE webhooks;
