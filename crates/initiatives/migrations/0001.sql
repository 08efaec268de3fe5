CREATE TABLE initiatives (
  thing BYTEA NOT NULL PRIMARY KEY, hash BYTEA NOT NULL, space TEXT NOT NULL, commons TEXT NOT NULL, slug TEXT NOT NULL,
  title TEXT NOT NULL, merged TEXT NOT NULL, lead TEXT NOT NULL, status TEXT NOT NULL, confirmed BIGINT NOT NULL,
  confirmer TEXT NOT NULL, updated BIGINT NOT NULL);
CREATE TABLE initiative_revisions (
  hash BYTEA NOT NULL PRIMARY KEY, thing BYTEA NOT NULL, space TEXT NOT NULL, author TEXT NOT NULL, at BIGINT NOT NULL,
  summary TEXT NOT NULL, provenance TEXT NOT NULL, withdrawn BIGINT NOT NULL) WITHOUT ROWID;
CREATE INDEX initiative_revisions_thing ON initiative_revisions (thing);
CREATE INDEX initiative_revisions_author ON initiative_revisions (author, at);
CREATE TABLE initiative_sources (
  hash BYTEA NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL, sha256 TEXT NOT NULL, thing BYTEA NOT NULL,
  PRIMARY KEY (hash, source, id)) WITHOUT ROWID;
CREATE INDEX initiative_sources_row ON initiative_sources (source, id);
CREATE TABLE confirmations (
  thing BYTEA NOT NULL PRIMARY KEY, hash BYTEA NOT NULL, about BYTEA NOT NULL, author TEXT NOT NULL, at BIGINT NOT NULL, status TEXT NOT NULL,
  note TEXT NOT NULL, space TEXT NOT NULL);
CREATE INDEX confirmations_about ON confirmations (about, at);
CREATE TABLE initiatives_gone (mark BYTEA NOT NULL PRIMARY KEY) WITHOUT ROWID;
