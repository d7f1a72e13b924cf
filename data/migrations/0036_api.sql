-- Who may come in by the HTTP API, what was answered to a request that may come
-- again, and alerts that were taken away through it.

CREATE TABLE tokens (
	id TEXT PRIMARY KEY,
	hash BYTEA NOT NULL,
	name TEXT NOT NULL,
	scope BIGINT NOT NULL,
	created_by TEXT NOT NULL,
	created_ms BIGINT NOT NULL,
	expires_ms BIGINT NOT NULL,
	revoked_ms BIGINT NOT NULL
);

CREATE TABLE requests (
	key BYTEA PRIMARY KEY,
	body BYTEA NOT NULL,
	at_ms BIGINT NOT NULL,
	status BIGINT NOT NULL,
	revision BIGINT NOT NULL,
	location TEXT NOT NULL,
	answer TEXT NOT NULL
);
CREATE INDEX requests_at ON requests (at_ms);

CREATE TABLE tombstones (
	alert_id BIGINT PRIMARY KEY,
	who TEXT NOT NULL,
	at_ms BIGINT NOT NULL
);
