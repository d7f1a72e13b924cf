-- The order of what is due next: that it is acknowledged, then that it is closed; what
-- sleeps is due when it wakes, what is closed never (0). As the moment's negative the
-- greatest is first and of equals the newest, as in every order by number: so an index
-- is walked one way.

ALTER TABLE alerts ADD COLUMN urgency BIGINT NOT NULL DEFAULT 0;
UPDATE alerts SET urgency = -CASE state
	WHEN 0 THEN raised_ms + CASE severity WHEN 3 THEN 300000 WHEN 2 THEN 1800000 WHEN 1 THEN 7200000 ELSE 28800000 END
	WHEN 1 THEN raised_ms + CASE severity WHEN 3 THEN 14400000 WHEN 2 THEN 28800000 WHEN 1 THEN 86400000 ELSE 259200000 END
	ELSE snooze_until_ms END
	WHERE rank > 0;
CREATE INDEX alerts_due ON alerts (rank, urgency, raised_ms, id);

-- Which of a group's alerts is due first stands in the index that finds them.
DROP INDEX alerts_case;
DROP INDEX alerts_subject;
DROP INDEX alerts_fingerprint;
CREATE INDEX alerts_case ON alerts (case_id, rank, severity, raised_ms, id, score, n_legs, cost_micro, urgency);
CREATE INDEX alerts_subject ON alerts (subject_id, subject_kind, rank, severity, raised_ms, id, score, n_legs, cost_micro, urgency);
CREATE INDEX alerts_fingerprint ON alerts (fingerprint, rank, severity, raised_ms, id, score, n_legs, cost_micro, urgency);
