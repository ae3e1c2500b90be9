DROP TABLE answer_archive_files;
--bun:split
DROP TABLE answer_archives;
