-- What the platform is for, in figures: each market once, whatever tells of it, with
-- when it was proposed, answered and won. A root is what markets are counted again
-- with: a procurement with the hours of its award, or a purchase that no notice tells;
-- its stamp is what was known of it when it was counted.
CREATE TABLE activity_roots (
  key text PRIMARY KEY,
  stamp text NOT NULL
) STRICT;
--bun:split
CREATE TABLE activity_markets (
  key text PRIMARY KEY,
  root text NOT NULL REFERENCES activity_roots (key) ON DELETE CASCADE,
  region text NOT NULL,
  departement text NOT NULL,
  epci text NOT NULL,
  proposed_on text NOT NULL,
  heard_on text NOT NULL,
  submitted_on text NOT NULL,
  won_on text NOT NULL,
  hours real NOT NULL,
  fte real NOT NULL,
  members text NOT NULL
) STRICT;
--bun:split
CREATE INDEX activity_markets_root ON activity_markets (root);
--bun:split
-- The figures of a quarter that is over, protected, as they were published: once.
CREATE TABLE activity_editions (
  until text PRIMARY KEY,
  made_at text NOT NULL,
  body text NOT NULL
) STRICT;
