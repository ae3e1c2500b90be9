-- An audit of fairness is counted once a month for whom it is about and kept as it
-- was told: protected figures of groups, from which no person can be counted again.
CREATE TABLE fairness_audits (
  scope text NOT NULL,
  month text NOT NULL,
  made_at text NOT NULL,
  positions integer NOT NULL,
  report text NOT NULL,
  PRIMARY KEY (scope, month)
) STRICT;
