-- An audit of fairness is counted once a month for whom it is about and kept as it
-- was told: protected figures of groups, from which no person can be counted again.
CREATE TABLE fairness_audits (
  scope text NOT NULL,
  month text NOT NULL,
  made_at timestamptz NOT NULL,
  positions bigint NOT NULL,
  report jsonb NOT NULL,
  PRIMARY KEY (scope, month)
);
