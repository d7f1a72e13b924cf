-- Records that an accepted exception (a Sigma filter) kept from a rule.

CREATE TABLE exemptions (
	id BIGINT PRIMARY KEY,
	n BIGINT NOT NULL,
	last_ms BIGINT NOT NULL
);
