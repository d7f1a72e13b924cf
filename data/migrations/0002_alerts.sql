-- Alerts, their evidence, and the audit log behind every act.

CREATE TABLE counters (
	name TEXT PRIMARY KEY,
	value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('revision', 0), ('alert', 0), ('audit', 0), ('page', 0);

CREATE TABLE alerts (
	id BIGINT PRIMARY KEY,
	revision BIGINT NOT NULL,
	fingerprint BIGINT NOT NULL,
	open BIGINT NOT NULL,
	severity BIGINT NOT NULL,
	score BIGINT NOT NULL,
	state BIGINT NOT NULL,
	resolution BIGINT NOT NULL,
	subject_kind BIGINT NOT NULL,
	subject_id TEXT NOT NULL,
	subject_name TEXT NOT NULL,
	location TEXT NOT NULL,
	rule TEXT NOT NULL,
	title_en TEXT NOT NULL,
	title_es TEXT NOT NULL,
	first_ms BIGINT NOT NULL,
	last_ms BIGINT NOT NULL,
	raised_ms BIGINT NOT NULL,
	acknowledged_ms BIGINT NOT NULL,
	closed_ms BIGINT NOT NULL,
	snooze_until_ms BIGINT NOT NULL,
	n_legs BIGINT NOT NULL,
	n_notes BIGINT NOT NULL,
	cost_micro BIGINT NOT NULL,
	cost_per_hour_micro BIGINT NOT NULL,
	assignee TEXT NOT NULL,
	reasons TEXT NOT NULL
);
CREATE INDEX alerts_queue ON alerts (open, severity, last_ms);
CREATE INDEX alerts_fingerprint ON alerts (fingerprint, open);
CREATE INDEX alerts_revision ON alerts (revision);

CREATE TABLE evidence (
	alert_id BIGINT NOT NULL,
	leg_id BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	cost_micro BIGINT NOT NULL,
	PRIMARY KEY (alert_id, leg_id)
);

-- Append-only; hash is SHA-256 over the row and the hash before it.
CREATE TABLE audit (
	seq BIGINT PRIMARY KEY,
	alert_id BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	who TEXT NOT NULL,
	act TEXT NOT NULL,
	was TEXT NOT NULL,
	became TEXT NOT NULL,
	note TEXT NOT NULL,
	hash BYTEA NOT NULL
);
CREATE INDEX audit_alert ON audit (alert_id, seq);
