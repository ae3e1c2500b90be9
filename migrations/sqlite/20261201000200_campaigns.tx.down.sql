DROP TABLE questionnaire_rejections;
--bun:split
DROP TABLE questionnaire_imports;
--bun:split
DROP TABLE campaign_coverage;
--bun:split
DROP TABLE campaign_letters;
--bun:split
DROP TABLE questionnaire_comments;
--bun:split
DROP TABLE questionnaire_events;
--bun:split
DROP TABLE questionnaire_history;
--bun:split
DROP TABLE questionnaire_answers;
--bun:split
DROP TABLE questionnaires;
--bun:split
DROP TABLE campaigns;
