DROP TABLE activity_editions;
