CREATE TABLE remarks (
  thing BYTEA NOT NULL PRIMARY KEY, id TEXT NOT NULL, about BYTEA NOT NULL, answers TEXT NOT NULL, author TEXT NOT NULL,
  at BIGINT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL, exact TEXT NOT NULL, prefix TEXT NOT NULL,
  suffix TEXT NOT NULL, start BIGINT NOT NULL, space TEXT NOT NULL);
CREATE INDEX remarks_about ON remarks (about, space, at);
CREATE INDEX remarks_author ON remarks (author, at);
CREATE TABLE follows (account BYTEA NOT NULL, what BYTEA NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (account, what)) WITHOUT ROWID;
CREATE INDEX follows_what ON follows (what);
