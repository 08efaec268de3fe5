CREATE TABLE patrols (hash BYTEA NOT NULL PRIMARY KEY, account BYTEA NOT NULL, at BIGINT NOT NULL) WITHOUT ROWID;
CREATE INDEX patrols_account ON patrols (account);
CREATE TABLE reports (
  id BYTEA NOT NULL PRIMARY KEY, account BYTEA NOT NULL, place TEXT NOT NULL, reason TEXT NOT NULL, at BIGINT NOT NULL,
  answer TEXT NOT NULL, answered_by TEXT NOT NULL, answered BIGINT NOT NULL);
CREATE INDEX reports_account ON reports (account, at);
CREATE INDEX reports_answered ON reports (answered, at);
