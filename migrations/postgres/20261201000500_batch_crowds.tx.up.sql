-- How many of the same structure suit all that is suggested to a person: under
-- five an officer does not read which structure it is. Of what was kept before it
-- is not known, and none is named.
ALTER TABLE batch_people ADD COLUMN crowd integer NOT NULL DEFAULT 0;
