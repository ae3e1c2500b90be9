DROP TABLE figure_frames;
--bun:split
ALTER TABLE figure_rows DROP COLUMN awaited;
