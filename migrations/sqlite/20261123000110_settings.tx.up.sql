-- What is true of this database as a whole, for example that it is the demonstration.
CREATE TABLE settings (
  key text NOT NULL PRIMARY KEY,
  value text NOT NULL
) STRICT;
