DROP TABLE fairness_audits;
