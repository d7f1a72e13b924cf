-- Where the audit log begins after its oldest lines were retired: the last of
-- them, and its hash, on which the chain goes on. One row or none.

CREATE TABLE audit_anchor (
	seq BIGINT PRIMARY KEY,
	hash BYTEA NOT NULL
);
