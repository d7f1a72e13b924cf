-- What the model of ordinary calls is grown from: legs of a day that were sampled,
-- each as its numbers (32-bit floats). calls: detect/outlier.h.

CREATE TABLE model_samples (
	day BIGINT NOT NULL,
	calls BIGINT NOT NULL,
	hash BIGINT NOT NULL,
	numbers BYTEA NOT NULL,
	PRIMARY KEY (day, calls, hash)
);

-- Memory goes by its days.
CREATE INDEX profile_days_day ON profile_days (day);
