ALTER TABLE market_figures DROP COLUMN no_clause;
--bun:split
DELETE FROM settings WHERE key = 'markets.until';
