-- What each finding brought to its alert and when it had been reported: what an alert
-- was at a moment is the sum of those until then. An alert from before has one row of
-- no finding (-1 records): it may have grown until then, and its records tell how.

CREATE TABLE growths (
	alert_id BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	n_legs BIGINT NOT NULL,
	cost_micro BIGINT NOT NULL,
	first_ms BIGINT NOT NULL,
	last_ms BIGINT NOT NULL,
	severity BIGINT NOT NULL,
	score BIGINT NOT NULL,
	cost_per_hour_micro BIGINT NOT NULL,
	PRIMARY KEY (alert_id, at_ms)
);
CREATE INDEX growths_at ON growths (at_ms, alert_id);

-- Two days: a record is reported when its call has ended.
INSERT INTO growths (alert_id, at_ms, n_legs, cost_micro, first_ms, last_ms, severity, score, cost_per_hour_micro)
	SELECT id, last_ms + 172800000, -1, 0, first_ms, last_ms, severity, score, cost_per_hour_micro FROM alerts;
