CREATE TABLE initiative_sites (thing BYTEA NOT NULL, site TEXT NOT NULL, PRIMARY KEY (thing, site)) WITHOUT ROWID;
CREATE INDEX initiative_sites_site ON initiative_sites (site);
CREATE TABLE distinctions (
  thing BYTEA NOT NULL PRIMARY KEY, hash BYTEA NOT NULL, one BYTEA NOT NULL, other BYTEA NOT NULL, author TEXT NOT NULL, at BIGINT NOT NULL,
  note TEXT NOT NULL, space TEXT NOT NULL);
CREATE INDEX distinctions_pair ON distinctions (one, other);
CREATE INDEX distinctions_author ON distinctions (author, at);
