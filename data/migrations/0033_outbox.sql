-- What is to be told to whom: what happened to alerts (notices), written with the
-- alert itself, and the messages that are made of it (outbox), each for one
-- destination, until it is sent or given up.

CREATE TABLE notices (
	id BIGINT PRIMARY KEY,
	alert_id BIGINT NOT NULL,
	kind BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	act TEXT NOT NULL,
	who TEXT NOT NULL,
	was TEXT NOT NULL,
	became TEXT NOT NULL,
	severity BIGINT NOT NULL,
	score BIGINT NOT NULL,
	state BIGINT NOT NULL,
	resolution BIGINT NOT NULL,
	routed BIGINT NOT NULL
);
CREATE INDEX notices_new ON notices (id) WHERE routed = 0;
CREATE INDEX notices_at ON notices (at_ms);

-- state: 0 waits, 1 sent, 2 given up. sending: an attempt has begun whose end is
-- not known. closes_ms > 0: it gathers until then.
CREATE TABLE outbox (
	id BIGINT PRIMARY KEY,
	key TEXT NOT NULL,
	destination TEXT NOT NULL,
	alert_id BIGINT NOT NULL,
	state BIGINT NOT NULL,
	sending BIGINT NOT NULL,
	made_ms BIGINT NOT NULL,
	due_ms BIGINT NOT NULL,
	closes_ms BIGINT NOT NULL,
	sent_ms BIGINT NOT NULL,
	attempts BIGINT NOT NULL,
	edits BIGINT NOT NULL,
	n_notices BIGINT NOT NULL,
	n_told BIGINT NOT NULL,
	body TEXT NOT NULL,
	remote_id TEXT NOT NULL,
	error TEXT NOT NULL
);
CREATE INDEX outbox_due ON outbox (destination, due_ms) WHERE state = 0;
CREATE INDEX outbox_gathers ON outbox (destination, closes_ms) WHERE state = 0 AND closes_ms > 0;
CREATE INDEX outbox_made ON outbox (destination, made_ms);
CREATE INDEX outbox_state ON outbox (state, id);
CREATE INDEX outbox_alert ON outbox (alert_id, destination);

CREATE TABLE outbox_notices (
	outbox_id BIGINT NOT NULL,
	notice_id BIGINT NOT NULL,
	PRIMARY KEY (outbox_id, notice_id)
);
CREATE INDEX outbox_notices_of ON outbox_notices (notice_id);

INSERT INTO counters (name, value) VALUES ('notice', 0), ('outbox', 0);

-- Who sends.
CREATE TABLE outbox_lease (
	id BIGINT PRIMARY KEY,
	holder TEXT NOT NULL,
	until_ms BIGINT NOT NULL
);
INSERT INTO outbox_lease (id, holder, until_ms) VALUES (1, '', 0);
