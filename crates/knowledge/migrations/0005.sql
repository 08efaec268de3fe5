DROP TABLE revisions;
CREATE TABLE revisions (
  hash BYTEA NOT NULL PRIMARY KEY, thing BYTEA NOT NULL, first BIGINT NOT NULL, space TEXT NOT NULL,
  title TEXT NOT NULL, author TEXT NOT NULL, at BIGINT NOT NULL, summary TEXT NOT NULL, minor BIGINT NOT NULL,
  length BIGINT NOT NULL, licence TEXT NOT NULL, provenance TEXT NOT NULL, machine TEXT NOT NULL,
  withdrawn BIGINT NOT NULL);
CREATE INDEX revisions_thing ON revisions (thing);
CREATE INDEX revisions_author ON revisions (author);
DROP TABLE articles;
CREATE TABLE articles (
  thing BYTEA NOT NULL PRIMARY KEY, space TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL,
  language TEXT NOT NULL, licence TEXT NOT NULL, attribution TEXT NOT NULL, media TEXT NOT NULL,
  provenance TEXT NOT NULL, machine TEXT NOT NULL, redirect TEXT NOT NULL, translates TEXT NOT NULL,
  hash BYTEA NOT NULL,
  length BIGINT NOT NULL, words BIGINT NOT NULL, lead TEXT NOT NULL, site TEXT NOT NULL,
  blob TEXT NOT NULL, updated BIGINT NOT NULL);
CREATE UNIQUE INDEX articles_key ON articles (key, space);
CREATE INDEX articles_redirect ON articles (redirect, space) WHERE redirect <> '';
CREATE INDEX articles_blob ON articles (blob, space) WHERE blob <> '';
CREATE INDEX articles_translates ON articles (translates, space) WHERE translates <> '';
CREATE TABLE originals (
  thing BYTEA NOT NULL PRIMARY KEY, original BYTEA NOT NULL, revision BYTEA NOT NULL, space TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX originals_original ON originals (original, space);
CREATE TABLE drafts (
  account BYTEA NOT NULL, page TEXT NOT NULL, base TEXT NOT NULL, text TEXT NOT NULL, summary TEXT NOT NULL,
  at BIGINT NOT NULL, PRIMARY KEY (account, page)) WITHOUT ROWID;
