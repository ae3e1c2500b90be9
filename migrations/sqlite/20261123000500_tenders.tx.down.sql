DROP TABLE notice_runs;
--bun:split
DROP TABLE notice_quarantine;
--bun:split
DROP TABLE notice_names;
--bun:split
DROP TABLE notices;
