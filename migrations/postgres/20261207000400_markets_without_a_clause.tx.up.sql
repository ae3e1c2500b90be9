-- A market whose notices say that it has no clause has no hours to tell. Every market is
-- settled again: those of quotes are dated of the days that were said.
ALTER TABLE market_figures ADD COLUMN no_clause boolean NOT NULL DEFAULT false;
--bun:split
DELETE FROM settings WHERE key = 'markets.until';
