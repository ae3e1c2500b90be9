-- What rests on the word of one officer, until an administrator has countersigned it:
-- an organisation that an officer made (opened_by), an address that an officer wrote
-- (address_by), an account that an officer opened where no address of another's
-- vouches for it (alone).
ALTER TABLE organisations ADD COLUMN opened_by integer;
--bun:split
ALTER TABLE organisations ADD COLUMN address_by integer;
--bun:split
ALTER TABLE organisations ADD COLUMN countersigned_at text;
--bun:split
ALTER TABLE organisations ADD COLUMN countersigned_by integer;
--bun:split
ALTER TABLE invitations ADD COLUMN alone integer NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE invitations ADD COLUMN countersigned_at text;
--bun:split
ALTER TABLE invitations ADD COLUMN countersigned_by integer;
--bun:split
UPDATE organisations SET opened_by = (SELECT MIN(a.user_id) FROM audit_entries a WHERE a.entity = 'organisation' AND a.entity_id = organisations.id
  AND a.role = 'officer' AND a.fields = 'created');
--bun:split
UPDATE organisations SET address_by = (SELECT MAX(a.user_id) FROM audit_entries a WHERE a.entity = 'organisation' AND a.entity_id = organisations.id
  AND a.role = 'officer' AND (a.fields = 'created' OR ' ' || a.fields || ' ' LIKE '% email %'));
--bun:split
-- Of the accounts of before, those that an officer invited elsewhere than at the
-- address that is known, and what these invited.
WITH RECURSIVE word (id, user_id) AS (
  SELECT i.id, i.user_id FROM invitations i JOIN users u ON u.id = i.invited_by AND u.role = 'officer' JOIN organisations o ON o.id = i.organisation_id
    WHERE o.opened_by IS NOT NULL OR o.address_by IS NOT NULL OR lower(o.email) <> i.email_folded
  UNION SELECT i.id, i.user_id FROM invitations i JOIN word w ON w.user_id = i.invited_by)
UPDATE invitations SET alone = 1 WHERE id IN (SELECT id FROM word);
