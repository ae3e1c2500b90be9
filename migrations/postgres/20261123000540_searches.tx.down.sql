DROP INDEX opportunities_updated;
--bun:split
DROP TABLE search_news;
--bun:split
DROP TABLE search_letters;
--bun:split
DROP TABLE searches;
