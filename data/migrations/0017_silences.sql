-- Silences that a filter says, at once or in a planned window; what silences of
-- every kind kept back, one row for what would have been one alert; and how much
-- in each hour. Silences of the alerts like one stay on that alert's row.

CREATE TABLE silences (
	id BIGINT PRIMARY KEY,
	kind BIGINT NOT NULL,
	filter TEXT NOT NULL,
	owner TEXT NOT NULL,
	reason TEXT NOT NULL,
	created_ms BIGINT NOT NULL,
	begin_ms BIGINT NOT NULL,
	until_ms BIGINT NOT NULL,
	ended_ms BIGINT NOT NULL,
	hits BIGINT NOT NULL,
	last_hit_ms BIGINT NOT NULL
);
CREATE INDEX silences_until ON silences (until_ms);

CREATE TABLE kept_back (
	kind BIGINT NOT NULL,
	silence_id BIGINT NOT NULL,
	fingerprint BIGINT NOT NULL,
	n BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	first_ms BIGINT NOT NULL,
	last_ms BIGINT NOT NULL,
	severity BIGINT NOT NULL,
	score BIGINT NOT NULL,
	subject_kind BIGINT NOT NULL,
	subject_id TEXT NOT NULL,
	subject_name TEXT NOT NULL,
	location TEXT NOT NULL,
	rule TEXT NOT NULL,
	title_en TEXT NOT NULL,
	title_es TEXT NOT NULL,
	PRIMARY KEY (kind, silence_id, fingerprint)
);
CREATE INDEX kept_back_at ON kept_back (at_ms);

CREATE TABLE silence_hours (
	hour BIGINT NOT NULL,
	kind BIGINT NOT NULL,
	silence_id BIGINT NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (hour, kind, silence_id)
);

INSERT INTO counters (name, value) VALUES ('silence', 0), ('silences', 0);

CREATE INDEX alerts_silenced ON alerts (silence_until_ms) WHERE silence_until_ms > 0;
CREATE INDEX alerts_snoozed ON alerts (snooze_until_ms) WHERE snooze_until_ms > 0;
