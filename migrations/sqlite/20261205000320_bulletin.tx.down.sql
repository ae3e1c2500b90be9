DROP TABLE bulletin_editions;
--bun:split
DROP TABLE bulletin_silences;
--bun:split
DROP TABLE bulletin_told;
--bun:split
DROP TABLE bulletin_letters;
--bun:split
DROP TABLE bulletin_partners;
