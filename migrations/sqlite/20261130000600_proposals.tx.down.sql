DROP TABLE proposal_events;
--bun:split
DROP TABLE proposals;
