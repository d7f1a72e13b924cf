-- What lists of alerts need without reading the alerts: the strongest reason's
-- sentence beside the reasons (rows from before have none and are read the long
-- way), and their orders and counts as indexes.

ALTER TABLE alerts ADD COLUMN why_en TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN why_es TEXT NOT NULL DEFAULT '';

DROP INDEX alerts_queue;
CREATE INDEX alerts_queue ON alerts (open, severity, raised_ms, assignee);
CREATE INDEX alerts_score ON alerts (open, score, last_ms);
CREATE INDEX alerts_last ON alerts (open, last_ms);
CREATE INDEX alerts_site ON alerts (open, location, severity);
