-- The figures of a quarter that is over, protected, as they were published: once.
CREATE TABLE activity_editions (
  until text PRIMARY KEY,
  made_at timestamptz NOT NULL,
  body jsonb NOT NULL
);
