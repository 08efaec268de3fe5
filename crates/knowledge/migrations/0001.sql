CREATE TABLE articles (
  id TEXT NOT NULL PRIMARY KEY, space TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL,
  title TEXT NOT NULL, language TEXT NOT NULL, licence TEXT NOT NULL, attribution TEXT NOT NULL,
  media TEXT NOT NULL, provenance TEXT NOT NULL, redirect TEXT NOT NULL, translates TEXT NOT NULL,
  hash BYTEA NOT NULL, length BIGINT NOT NULL, words BIGINT NOT NULL, lead TEXT NOT NULL,
  site TEXT NOT NULL, blob TEXT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL);
CREATE INDEX articles_redirect ON articles (redirect, space) WHERE redirect <> '';
CREATE INDEX articles_translates ON articles (translates, space) WHERE translates <> '';
CREATE TABLE revisions (
  hash BYTEA NOT NULL PRIMARY KEY, thing TEXT NOT NULL, record TEXT NOT NULL, space TEXT NOT NULL,
  title TEXT NOT NULL, author TEXT NOT NULL, at BIGINT NOT NULL, summary TEXT NOT NULL, minor BIGINT NOT NULL,
  length BIGINT NOT NULL, licence TEXT NOT NULL, provenance TEXT NOT NULL, withdrawn BIGINT NOT NULL);
CREATE INDEX revisions_thing ON revisions (thing);
CREATE INDEX revisions_at ON revisions (at, hash);
CREATE TABLE sources (
  site TEXT NOT NULL, namespace BIGINT NOT NULL, title TEXT NOT NULL, thing TEXT NOT NULL,
  hash BYTEA NOT NULL, sha256 TEXT NOT NULL, revision TEXT NOT NULL,
  PRIMARY KEY (site, namespace, title));
CREATE TABLE care (
  thing TEXT NOT NULL, code TEXT NOT NULL, about TEXT NOT NULL, space TEXT NOT NULL,
  PRIMARY KEY (thing, code, about));
CREATE TABLE rendered (id TEXT NOT NULL PRIMARY KEY, hash BYTEA NOT NULL, body BYTEA NOT NULL);
