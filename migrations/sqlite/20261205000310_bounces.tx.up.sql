-- Letters that were sent, by the number that a report of them would name: only such
-- a report is believed. Addresses are kept as digests.
CREATE TABLE mail_sent (
  letter text NOT NULL,
  address text NOT NULL,
  at text NOT NULL,
  PRIMARY KEY (letter, address)
) STRICT;
--bun:split
CREATE INDEX mail_sent_at ON mail_sent (at);
--bun:split
-- Addresses that take no letters, until somebody says that they do.
CREATE TABLE mail_suspensions (
  address text PRIMARY KEY,
  at text NOT NULL,
  origin text NOT NULL,
  status text NOT NULL
) STRICT;
