CREATE TABLE sprints (
  thing BYTEA NOT NULL PRIMARY KEY, hash BYTEA NOT NULL, space TEXT NOT NULL, convenor TEXT NOT NULL, slug TEXT NOT NULL, title TEXT NOT NULL,
  begins BIGINT NOT NULL, ends BIGINT NOT NULL, updated BIGINT NOT NULL);
CREATE TABLE sprint_revisions (
  hash BYTEA NOT NULL PRIMARY KEY, thing BYTEA NOT NULL, author TEXT NOT NULL, at BIGINT NOT NULL, first BIGINT NOT NULL,
  withdrawn BIGINT NOT NULL) WITHOUT ROWID;
CREATE INDEX sprint_revisions_thing ON sprint_revisions (thing);
CREATE TABLE sprint_entries (
  thing BYTEA NOT NULL PRIMARY KEY, hash BYTEA NOT NULL, sprint BYTEA NOT NULL, about BYTEA NOT NULL, team TEXT NOT NULL,
  author TEXT NOT NULL, at BIGINT NOT NULL, space TEXT NOT NULL);
CREATE INDEX sprint_entries_sprint ON sprint_entries (sprint, at, thing);
CREATE INDEX sprint_entries_about ON sprint_entries (about, sprint);
CREATE TABLE sprint_reviews (
  thing BYTEA NOT NULL PRIMARY KEY, hash BYTEA NOT NULL, entry BYTEA NOT NULL, fits BIGINT NOT NULL, reason TEXT NOT NULL,
  author TEXT NOT NULL, at BIGINT NOT NULL, space TEXT NOT NULL);
CREATE INDEX sprint_reviews_entry ON sprint_reviews (entry, at);
CREATE TABLE submissions (
  account BYTEA NOT NULL, mark TEXT NOT NULL, thing BYTEA NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (account, mark)) WITHOUT ROWID;
