DROP TABLE articles; DROP TABLE revisions; DROP TABLE sources; DROP TABLE care; DROP TABLE rendered;
CREATE TABLE articles (
  thing BYTEA NOT NULL PRIMARY KEY, space TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL,
  language TEXT NOT NULL, licence TEXT NOT NULL, attribution TEXT NOT NULL, media TEXT NOT NULL,
  provenance TEXT NOT NULL, redirect TEXT NOT NULL, translates TEXT NOT NULL, hash BYTEA NOT NULL,
  length BIGINT NOT NULL, words BIGINT NOT NULL, lead TEXT NOT NULL, site TEXT NOT NULL,
  blob TEXT NOT NULL, updated BIGINT NOT NULL);
CREATE UNIQUE INDEX articles_key ON articles (key, space);
CREATE INDEX articles_redirect ON articles (redirect, space) WHERE redirect <> '';
CREATE INDEX articles_blob ON articles (blob, space) WHERE blob <> '';
CREATE INDEX articles_translates ON articles (translates, space) WHERE translates <> '';
CREATE TABLE revisions (
  hash BYTEA NOT NULL PRIMARY KEY, thing BYTEA NOT NULL, first BIGINT NOT NULL, space TEXT NOT NULL,
  title TEXT NOT NULL, author TEXT NOT NULL, at BIGINT NOT NULL, summary TEXT NOT NULL, minor BIGINT NOT NULL,
  length BIGINT NOT NULL, licence TEXT NOT NULL, provenance TEXT NOT NULL, withdrawn BIGINT NOT NULL);
CREATE INDEX revisions_thing ON revisions (thing);
CREATE TABLE sources (
  site TEXT NOT NULL, namespace BIGINT NOT NULL, title TEXT NOT NULL, thing BYTEA NOT NULL,
  hash BYTEA NOT NULL, sha256 TEXT NOT NULL, revision TEXT NOT NULL,
  PRIMARY KEY (site, namespace, title)) WITHOUT ROWID;
CREATE TABLE care (
  thing BYTEA NOT NULL, code TEXT NOT NULL, about TEXT NOT NULL, space TEXT NOT NULL,
  PRIMARY KEY (thing, code, about)) WITHOUT ROWID;
CREATE TABLE tallies (
  what TEXT NOT NULL, name TEXT NOT NULL, space TEXT NOT NULL, pages BIGINT NOT NULL,
  PRIMARY KEY (what, name, space)) WITHOUT ROWID;
CREATE TABLE rendered (thing BYTEA NOT NULL PRIMARY KEY, hash BYTEA NOT NULL, body BYTEA NOT NULL);
