-- Workers are counted by band of hours: every enterprise and year is counted again.
INSERT INTO figure_changes (enterprise_id, year, revision) SELECT enterprise_id, year, 1 FROM observed_years WHERE true ORDER BY enterprise_id, year
  ON CONFLICT (enterprise_id, year) DO UPDATE SET revision = figure_changes.revision + 1;
