DROP TABLE legal_answers;
--bun:split
DROP TABLE legal_letters;
--bun:split
DROP TABLE legal_messages;
--bun:split
DROP TABLE legal_questions;
