-- Who did something whose author is nobody's to know: who hands an activity over, and
-- who would take it over.
ALTER TABLE audit_entries ADD COLUMN veiled boolean NOT NULL DEFAULT false;
--bun:split
UPDATE audit_entries SET veiled = true WHERE entity = 'opportunity' AND role = 'member' AND entity_id IN (SELECT id FROM opportunities WHERE kind = 'takeover');
--bun:split
UPDATE audit_entries SET veiled = true WHERE entity = 'interest' AND entity_id IN (SELECT i.id FROM interests i JOIN opportunities o ON o.id = i.opportunity_id WHERE o.kind = 'takeover');
