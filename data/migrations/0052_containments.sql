-- What was done at Webex to a person's line to contain it: how it was before, as it was
-- read, is here before anything is written there. A row of state 0 to 2 is on its way:
-- its program may have ended between the two, and it can be finished or undone.

CREATE TABLE containments (
	id BIGINT PRIMARY KEY,
	person TEXT NOT NULL,
	person_name TEXT NOT NULL,
	kind TEXT NOT NULL,
	state BIGINT NOT NULL,
	before_body TEXT NOT NULL,
	wished_body TEXT NOT NULL,
	found_body TEXT NOT NULL,
	who TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	changed_ms BIGINT NOT NULL,
	alert_id BIGINT NOT NULL,
	tracking TEXT NOT NULL,
	error TEXT NOT NULL,
	undone_by TEXT NOT NULL
);
CREATE UNIQUE INDEX containments_under_way ON containments (person, kind) WHERE state <= 2;
CREATE INDEX containments_alert ON containments (alert_id);

INSERT INTO counters (name, value) VALUES ('containment', 0);
