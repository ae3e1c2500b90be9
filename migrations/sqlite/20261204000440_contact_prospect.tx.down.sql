DROP INDEX contacts_prospect;
--bun:split
ALTER TABLE contacts DROP COLUMN prospect_id;
