DROP TABLE figure_rows;
--bun:split
DROP TABLE figure_stale;
--bun:split
DROP TABLE figure_years;
--bun:split
DROP TABLE figure_parts;
--bun:split
DROP TABLE figure_changes;
