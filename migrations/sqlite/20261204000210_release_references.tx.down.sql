DROP TABLE release_references;
