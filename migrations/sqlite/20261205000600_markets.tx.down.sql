DROP TABLE market_parts;
--bun:split
DROP TABLE market_figures;
