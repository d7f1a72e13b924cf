-- What people add to alerts: words (tags), which alert one is a duplicate of, the
-- steps of the playbook that were taken, and who has an alert open just now.

ALTER TABLE alerts ADD COLUMN tags TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN merged_into BIGINT NOT NULL DEFAULT 0;
CREATE INDEX alerts_merged ON alerts (merged_into) WHERE merged_into > 0;

CREATE TABLE alert_steps (
	alert_id BIGINT NOT NULL,
	step TEXT NOT NULL,
	who TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (alert_id, step)
);

CREATE TABLE viewers (
	console TEXT PRIMARY KEY,
	who TEXT NOT NULL,
	alert_id BIGINT NOT NULL,
	until_ms BIGINT NOT NULL
);
