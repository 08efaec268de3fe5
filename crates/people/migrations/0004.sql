CREATE TABLE organizations (
  thing BYTEA NOT NULL PRIMARY KEY, founder TEXT NOT NULL, handle TEXT NOT NULL, skeleton TEXT NOT NULL, name TEXT NOT NULL,
  alike TEXT NOT NULL, sort TEXT NOT NULL, space TEXT NOT NULL, commons TEXT NOT NULL, hash BYTEA NOT NULL,
  place TEXT NOT NULL, lead TEXT NOT NULL, form TEXT NOT NULL, updated BIGINT NOT NULL);
CREATE INDEX organizations_handle ON organizations (handle, space);
CREATE INDEX organizations_skeleton ON organizations (skeleton);
CREATE INDEX organizations_alike ON organizations (alike);
CREATE INDEX organizations_sort ON organizations (space, sort, handle);
CREATE TABLE membership_statements (
  hash BYTEA NOT NULL PRIMARY KEY, organization BYTEA NOT NULL, member TEXT NOT NULL, author TEXT NOT NULL,
  role TEXT NOT NULL, coordinates BIGINT NOT NULL, ends BIGINT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL,
  space TEXT NOT NULL);
CREATE INDEX membership_statements_pair ON membership_statements (organization, member, seq);
CREATE INDEX membership_statements_author ON membership_statements (author, at);
CREATE TABLE memberships (
  organization BYTEA NOT NULL, member TEXT NOT NULL, role TEXT NOT NULL, coordinates BIGINT NOT NULL,
  by_member BIGINT NOT NULL, by_organization BIGINT NOT NULL, space TEXT NOT NULL,
  PRIMARY KEY (organization, member)) WITHOUT ROWID;
CREATE INDEX memberships_member ON memberships (member);
CREATE TABLE attestations (
  thing BYTEA NOT NULL PRIMARY KEY, id TEXT NOT NULL, hash BYTEA NOT NULL, about BYTEA NOT NULL, claim TEXT NOT NULL,
  value TEXT NOT NULL, behalf BYTEA NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL, at BIGINT NOT NULL,
  space TEXT NOT NULL);
CREATE INDEX attestations_about ON attestations (about, claim, value);
CREATE INDEX attestations_value ON attestations (claim, value);
