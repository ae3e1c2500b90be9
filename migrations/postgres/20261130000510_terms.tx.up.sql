-- What a lot says when it is a place for people.
ALTER TABLE lots ADD COLUMN terms jsonb;
