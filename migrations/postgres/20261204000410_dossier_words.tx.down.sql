DROP TABLE answer_picks;
--bun:split
DROP TABLE dossier_candidates;
--bun:split
DROP TABLE dossier_paragraph_versions;
--bun:split
DROP TABLE dossier_paragraphs;
--bun:split
DROP TABLE dossier_references;
