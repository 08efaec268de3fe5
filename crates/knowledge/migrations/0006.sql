CREATE TABLE kept_drafts (
  account BYTEA NOT NULL, kind TEXT NOT NULL, page TEXT NOT NULL, language TEXT NOT NULL, base TEXT NOT NULL,
  text TEXT NOT NULL, summary TEXT NOT NULL, fields TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (account, kind, page, language)) WITHOUT ROWID;
INSERT INTO kept_drafts (account, kind, page, language, base, text, summary, fields, at)
  SELECT account, CASE WHEN page = '' THEN 'new' ELSE 'edit' END, page, '', base, text, summary, '{}', at FROM drafts;
DROP TABLE drafts;
CREATE TABLE gone (mark BYTEA NOT NULL PRIMARY KEY, thing BYTEA NOT NULL, target TEXT NOT NULL) WITHOUT ROWID;
