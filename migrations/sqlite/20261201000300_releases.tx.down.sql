DROP TABLE released_figures;
--bun:split
DROP TABLE release_chunks;
--bun:split
DROP TABLE release_versions;
--bun:split
DROP TABLE release_requests;
