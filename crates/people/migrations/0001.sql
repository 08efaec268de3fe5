CREATE TABLE statements (
  hash BYTEA NOT NULL PRIMARY KEY, thing BYTEA NOT NULL, kind TEXT NOT NULL, withdrawn BIGINT NOT NULL) WITHOUT ROWID;
CREATE INDEX statements_thing ON statements (thing);
CREATE TABLE persons (
  thing BYTEA NOT NULL PRIMARY KEY, did TEXT NOT NULL, handle TEXT NOT NULL, skeleton TEXT NOT NULL, name TEXT NOT NULL,
  alike TEXT NOT NULL, sort TEXT NOT NULL, space TEXT NOT NULL, commons TEXT NOT NULL, hash BYTEA NOT NULL,
  place TEXT NOT NULL, lead TEXT NOT NULL, seeking TEXT NOT NULL, offering TEXT NOT NULL, updated BIGINT NOT NULL);
CREATE INDEX persons_did ON persons (did);
CREATE INDEX persons_handle ON persons (handle, space);
CREATE INDEX persons_skeleton ON persons (skeleton);
CREATE INDEX persons_alike ON persons (alike);
CREATE INDEX persons_sort ON persons (space, sort, handle);
CREATE TABLE traits (
  thing BYTEA NOT NULL, what TEXT NOT NULL, fold TEXT NOT NULL, text TEXT NOT NULL, space TEXT NOT NULL,
  PRIMARY KEY (thing, what, fold)) WITHOUT ROWID;
CREATE INDEX traits_fold ON traits (what, fold, space, thing);
CREATE TABLE decisions (
  hash BYTEA NOT NULL PRIMARY KEY, commons TEXT NOT NULL, act TEXT NOT NULL, about TEXT NOT NULL, decider TEXT NOT NULL,
  reason TEXT NOT NULL, at BIGINT NOT NULL, space TEXT NOT NULL);
CREATE INDEX decisions_about ON decisions (about);
CREATE TABLE standings (
  commons TEXT NOT NULL, about TEXT NOT NULL, what TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (commons, about, what)) WITHOUT ROWID;
CREATE TABLE accounts (
  id BYTEA NOT NULL PRIMARY KEY, did TEXT NOT NULL, handle TEXT NOT NULL, skeleton TEXT NOT NULL, name TEXT NOT NULL,
  alike TEXT NOT NULL, status TEXT NOT NULL, language TEXT NOT NULL, mail TEXT NOT NULL, password TEXT NOT NULL,
  sealed BYTEA NOT NULL, words TEXT NOT NULL, created BIGINT NOT NULL);
CREATE UNIQUE INDEX accounts_did ON accounts (did);
CREATE UNIQUE INDEX accounts_skeleton ON accounts (skeleton);
CREATE INDEX accounts_alike ON accounts (alike);
CREATE INDEX accounts_status ON accounts (status, created);
CREATE TABLE sessions (
  token BYTEA NOT NULL PRIMARY KEY, account BYTEA NOT NULL, agent TEXT NOT NULL, created BIGINT NOT NULL,
  seen BIGINT NOT NULL) WITHOUT ROWID;
CREATE INDEX sessions_account ON sessions (account);
CREATE TABLE passkeys (
  id BYTEA NOT NULL PRIMARY KEY, account BYTEA NOT NULL, label TEXT NOT NULL, body TEXT NOT NULL,
  created BIGINT NOT NULL, used BIGINT NOT NULL);
CREATE INDEX passkeys_account ON passkeys (account);
CREATE TABLE recovery_codes (hash BYTEA NOT NULL PRIMARY KEY, account BYTEA NOT NULL) WITHOUT ROWID;
CREATE INDEX recovery_codes_account ON recovery_codes (account);
CREATE TABLE invitations (
  hash BYTEA NOT NULL PRIMARY KEY, role TEXT NOT NULL, note TEXT NOT NULL, inviter BYTEA NOT NULL,
  uses BIGINT NOT NULL, created BIGINT NOT NULL, expires BIGINT NOT NULL) WITHOUT ROWID;
CREATE TABLE attempts (what BYTEA NOT NULL, slot BIGINT NOT NULL, tries BIGINT NOT NULL, PRIMARY KEY (what, slot)) WITHOUT ROWID;
CREATE TABLE ceremonies (id BYTEA NOT NULL PRIMARY KEY, body TEXT NOT NULL, expires BIGINT NOT NULL);
CREATE TABLE tokens (
  hash BYTEA NOT NULL PRIMARY KEY, account BYTEA NOT NULL, label TEXT NOT NULL, scopes TEXT NOT NULL,
  created BIGINT NOT NULL, used BIGINT NOT NULL) WITHOUT ROWID;
CREATE INDEX tokens_account ON tokens (account);
CREATE TABLE notices (
  account BYTEA NOT NULL, id BYTEA NOT NULL, at BIGINT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL, text TEXT NOT NULL,
  seen BIGINT NOT NULL, PRIMARY KEY (account, id)) WITHOUT ROWID;
CREATE INDEX notices_at ON notices (account, at);
