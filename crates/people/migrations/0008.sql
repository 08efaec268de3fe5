CREATE TABLE handles (
  handle TEXT NOT NULL, thing BYTEA NOT NULL, space TEXT NOT NULL, PRIMARY KEY (handle, thing)) WITHOUT ROWID;
CREATE INDEX handles_thing ON handles (thing);
