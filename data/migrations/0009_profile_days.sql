-- What is remembered of a person, a number, a site by the day for weeks, where
-- reading the records again would take too long: written with the leg that
-- tells it. what: store/profile_rows.h.

CREATE TABLE profile_days (
	what BIGINT NOT NULL,
	day BIGINT NOT NULL,
	key BIGINT NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (what, day, key)
);
