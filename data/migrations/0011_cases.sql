-- Alerts of one subject in one story are a case, named after its first alert.

ALTER TABLE alerts ADD COLUMN case_id BIGINT NOT NULL DEFAULT 0;
UPDATE alerts SET case_id = id;
CREATE INDEX alerts_case ON alerts (case_id);
CREATE INDEX alerts_subject ON alerts (subject_id, open);
CREATE INDEX evidence_leg ON evidence (leg_id);
