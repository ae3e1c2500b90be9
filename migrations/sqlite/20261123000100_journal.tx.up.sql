-- The change journal: what may match otherwise than before (see store.Changed).
CREATE TABLE changes (
  seq integer PRIMARY KEY AUTOINCREMENT,
  entity text NOT NULL,
  entity_id integer NOT NULL,
  mark integer NOT NULL
) STRICT;
