-- A queue of any size: every order of its rows is an index, walked from where the
-- screen is, and what is open is counted as it changes.
--
-- rank: 2 waits for somebody, 1 is asleep, 0 is closed.

ALTER TABLE alerts ADD COLUMN rank BIGINT NOT NULL DEFAULT 0;
UPDATE alerts SET rank = CASE WHEN state = 3 THEN 0 WHEN state = 2 THEN 1 ELSE 2 END;

DROP INDEX alerts_queue;
DROP INDEX alerts_last;
DROP INDEX alerts_score;
DROP INDEX alerts_site;
DROP INDEX alerts_case;
DROP INDEX alerts_subject;
DROP INDEX alerts_fingerprint;
ALTER TABLE alerts DROP COLUMN open; -- rank > 0
CREATE INDEX alerts_last ON alerts (rank, last_ms);
CREATE INDEX alerts_severity ON alerts (rank, severity, raised_ms, id);
CREATE INDEX alerts_time ON alerts (rank, raised_ms, id);
CREATE INDEX alerts_score ON alerts (rank, score, raised_ms, id);
CREATE INDEX alerts_hits ON alerts (rank, n_legs, raised_ms, id);
CREATE INDEX alerts_cost ON alerts (rank, cost_micro, raised_ms, id);
CREATE INDEX alerts_state ON alerts (rank, state, raised_ms DESC, id DESC);
CREATE INDEX alerts_who ON alerts (rank, subject_name, raised_ms DESC, id DESC);
CREATE INDEX alerts_site ON alerts (rank, location, raised_ms DESC, id DESC);
CREATE INDEX alerts_owner ON alerts (rank, assignee, raised_ms DESC, id DESC);
CREATE INDEX alerts_rule ON alerts (rank, rule, raised_ms DESC, id DESC);
-- Whom a row stands for when the queue is grouped, and which of a group comes first.
CREATE INDEX alerts_case ON alerts (case_id, rank, severity, raised_ms, id);
CREATE INDEX alerts_subject ON alerts (subject_id, rank, severity, raised_ms, id);
CREATE INDEX alerts_fingerprint ON alerts (fingerprint, rank, severity, raised_ms, id);

-- How many wait or sleep, of each kind.
CREATE TABLE open_alerts (
	rule TEXT NOT NULL,
	location TEXT NOT NULL,
	severity BIGINT NOT NULL,
	assignee TEXT NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (rule, location, severity, assignee)
);
INSERT INTO open_alerts (rule, location, severity, assignee, n)
	SELECT rule, location, severity, assignee, count(*) FROM alerts WHERE rank > 0 GROUP BY rule, location, severity, assignee;
