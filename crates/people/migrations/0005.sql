ALTER TABLE notices ADD COLUMN mailed BIGINT NOT NULL DEFAULT 0;
CREATE INDEX notices_unmailed ON notices (account) WHERE seen = 0 AND mailed = 0;
CREATE TABLE mailings (account BYTEA NOT NULL PRIMARY KEY, mail TEXT NOT NULL, often TEXT NOT NULL, due BIGINT NOT NULL) WITHOUT ROWID;
CREATE INDEX mailings_mail ON mailings (mail);
CREATE INDEX mailings_due ON mailings (often, due);
CREATE TABLE mail_links (
  hash BYTEA NOT NULL PRIMARY KEY, account BYTEA NOT NULL, what TEXT NOT NULL, mail TEXT NOT NULL,
  expires BIGINT NOT NULL) WITHOUT ROWID;
CREATE INDEX mail_links_account ON mail_links (account);
CREATE TABLE mails (
  id BYTEA NOT NULL PRIMARY KEY, account BYTEA NOT NULL, to_ TEXT NOT NULL, subject TEXT NOT NULL, body BYTEA NOT NULL,
  stop TEXT NOT NULL, created BIGINT NOT NULL, expires BIGINT NOT NULL, tries BIGINT NOT NULL, next BIGINT NOT NULL);
CREATE INDEX mails_next ON mails (next);
CREATE INDEX mails_account ON mails (account);
