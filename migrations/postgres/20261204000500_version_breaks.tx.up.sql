-- The breaks in series as they stood when a version was released, as JSON: its readers have
-- them whatever is imported after. Empty: the version was made before they were kept.
ALTER TABLE release_versions ADD COLUMN breaks text NOT NULL DEFAULT '';
