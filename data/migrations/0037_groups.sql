-- What a group's row says of its alerts stands in the index that finds them: a group of
-- five hundred is read without any of their rows. And the alerts of a subject by their
-- numbers, for what was before: the newest ten, not all of them to be sorted.

DROP INDEX alerts_case;
DROP INDEX alerts_subject;
DROP INDEX alerts_fingerprint;
CREATE INDEX alerts_case ON alerts (case_id, rank, severity, raised_ms, id, score, n_legs, cost_micro);
CREATE INDEX alerts_subject ON alerts (subject_id, subject_kind, rank, severity, raised_ms, id, score, n_legs, cost_micro);
CREATE INDEX alerts_fingerprint ON alerts (fingerprint, rank, severity, raised_ms, id, score, n_legs, cost_micro);
CREATE INDEX alerts_subject_id ON alerts (subject_id, subject_kind, id);
