DROP TABLE mail_suspensions;
--bun:split
DROP TABLE mail_sent;
