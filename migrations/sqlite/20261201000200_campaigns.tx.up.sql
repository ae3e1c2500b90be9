-- A campaign asks each member once a year; a questionnaire is one member's. An
-- answer keeps what was typed, also where it could not be read; its history is
-- only added to. Values are hundredths of the unit. Days are YYYY-MM-DD texts.
CREATE TABLE campaigns (
  id integer PRIMARY KEY AUTOINCREMENT,
  year integer NOT NULL UNIQUE,
  opens_on text NOT NULL,
  closes_on text NOT NULL,
  state text NOT NULL,
  kinds text NOT NULL,
  indicators text NOT NULL,
  questions text NOT NULL,
  revision integer NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL,
  opened_at text,
  framed_at text,
  closed_at text
) STRICT;
--bun:split
CREATE TABLE questionnaires (
  id integer PRIMARY KEY AUTOINCREMENT,
  campaign_id integer NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  organisation_id integer NOT NULL REFERENCES organisations (id),
  kind text NOT NULL,
  commune text NOT NULL,
  region text NOT NULL,
  state text NOT NULL,
  responded integer NOT NULL,
  revision integer NOT NULL,
  updated_at text NOT NULL,
  submitted_at text,
  UNIQUE (campaign_id, organisation_id)
) STRICT;
--bun:split
CREATE INDEX questionnaires_organisation ON questionnaires (organisation_id, campaign_id);
--bun:split
CREATE TABLE questionnaire_answers (
  questionnaire_id integer NOT NULL REFERENCES questionnaires (id) ON DELETE CASCADE,
  question text NOT NULL,
  typed text NOT NULL,
  status text NOT NULL,
  value integer NOT NULL,
  origin text NOT NULL,
  explained text NOT NULL,
  revision integer NOT NULL,
  actor_id integer,
  at text NOT NULL,
  PRIMARY KEY (questionnaire_id, question)
) STRICT;
--bun:split
CREATE TABLE questionnaire_history (
  questionnaire_id integer NOT NULL REFERENCES questionnaires (id) ON DELETE CASCADE,
  question text NOT NULL,
  revision integer NOT NULL,
  typed text NOT NULL,
  status text NOT NULL,
  value integer NOT NULL,
  origin text NOT NULL,
  explained text NOT NULL,
  actor_id integer,
  at text NOT NULL,
  PRIMARY KEY (questionnaire_id, question, revision)
) STRICT;
--bun:split
CREATE TABLE questionnaire_events (
  id integer PRIMARY KEY AUTOINCREMENT,
  questionnaire_id integer NOT NULL REFERENCES questionnaires (id) ON DELETE CASCADE,
  kind text NOT NULL,
  note text NOT NULL,
  revision integer NOT NULL,
  actor_id integer,
  at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX questionnaire_events_of ON questionnaire_events (questionnaire_id, id);
--bun:split
CREATE TABLE questionnaire_comments (
  id integer PRIMARY KEY AUTOINCREMENT,
  questionnaire_id integer NOT NULL REFERENCES questionnaires (id) ON DELETE CASCADE,
  question text NOT NULL,
  side text NOT NULL,
  text text NOT NULL,
  author_id integer NOT NULL,
  at text NOT NULL
) STRICT;
--bun:split
CREATE INDEX questionnaire_comments_of ON questionnaire_comments (questionnaire_id, question, id);
--bun:split
CREATE TABLE campaign_letters (
  questionnaire_id integer NOT NULL REFERENCES questionnaires (id) ON DELETE CASCADE,
  step text NOT NULL,
  told integer NOT NULL,
  at text NOT NULL,
  PRIMARY KEY (questionnaire_id, step)
) STRICT;
--bun:split
CREATE TABLE campaign_coverage (
  campaign_id integer NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  region text NOT NULL,
  kind text NOT NULL,
  frame integer NOT NULL,
  responded integer NOT NULL,
  PRIMARY KEY (campaign_id, region, kind)
) STRICT;
--bun:split
CREATE TABLE questionnaire_imports (
  id integer PRIMARY KEY AUTOINCREMENT,
  campaign_id integer NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  file text NOT NULL,
  actor_id integer,
  at text NOT NULL,
  read integer NOT NULL,
  updated integer NOT NULL,
  unchanged integer NOT NULL,
  rejected integer NOT NULL
) STRICT;
--bun:split
CREATE INDEX questionnaire_imports_of ON questionnaire_imports (campaign_id, id);
--bun:split
CREATE TABLE questionnaire_rejections (
  id integer PRIMARY KEY AUTOINCREMENT,
  import_id integer NOT NULL REFERENCES questionnaire_imports (id) ON DELETE CASCADE,
  line integer NOT NULL,
  faults text NOT NULL,
  cells text NOT NULL
) STRICT;
--bun:split
CREATE INDEX questionnaire_rejections_of ON questionnaire_rejections (import_id, line, id);
