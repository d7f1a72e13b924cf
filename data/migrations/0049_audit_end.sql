-- Where the audit log ends: its last line and that line's hash, kept beside it, so
-- that lines taken from the end are missed. One row, or none in an empty log.

CREATE TABLE audit_end (
	id BIGINT PRIMARY KEY,
	seq BIGINT NOT NULL,
	hash BYTEA NOT NULL
);
INSERT INTO audit_end (id, seq, hash) SELECT 1, seq, hash FROM audit ORDER BY seq DESC LIMIT 1;
