DROP TABLE audit_entries;
--bun:split
DROP TABLE api_tokens;
--bun:split
DROP TABLE password_resets;
--bun:split
DROP TABLE invitations;
--bun:split
DROP TABLE sessions;
--bun:split
DROP TABLE users;
