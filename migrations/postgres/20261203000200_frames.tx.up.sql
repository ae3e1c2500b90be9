-- Whom a sum was asked and who have not answered; which questions the campaign of a
-- year put, and to how many, when its enterprises entered the frame of the year.
-- Everything is counted again: what is kept of an enterprise has changed.
ALTER TABLE figure_rows ADD COLUMN awaited bigint NOT NULL DEFAULT 0;
--bun:split
CREATE TABLE figure_frames (
  year bigint PRIMARY KEY,
  asked text NOT NULL
);
--bun:split
INSERT INTO figure_changes (enterprise_id, year, revision) SELECT enterprise_id, year, 1 FROM observed_years WHERE true ORDER BY enterprise_id, year
  ON CONFLICT (enterprise_id, year) DO UPDATE SET revision = figure_changes.revision + 1;
