DROP TABLE answer_choices;
--bun:split
DROP TABLE dossier_pieces;
--bun:split
DROP TABLE dossier_bytes;
--bun:split
DROP TABLE dossier_files;
