-- A contact may be about a prospect.
ALTER TABLE contacts ADD COLUMN prospect_id bigint REFERENCES prospects (id);
--bun:split
CREATE INDEX contacts_prospect ON contacts (prospect_id) WHERE prospect_id IS NOT NULL;
