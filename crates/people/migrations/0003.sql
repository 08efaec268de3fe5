CREATE TABLE revocations (
  hash BYTEA NOT NULL PRIMARY KEY, commons TEXT NOT NULL, key TEXT NOT NULL, revoker TEXT NOT NULL,
  everybody BIGINT NOT NULL, reason TEXT NOT NULL, at BIGINT NOT NULL, space TEXT NOT NULL);
CREATE INDEX revocations_key ON revocations (key, commons);
CREATE INDEX revocations_revoker ON revocations (revoker);
CREATE TABLE delegations (
  account BYTEA NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL, created BIGINT NOT NULL, expires BIGINT NOT NULL,
  PRIMARY KEY (account, key)) WITHOUT ROWID;
CREATE INDEX delegations_key ON delegations (key);
