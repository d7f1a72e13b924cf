-- What came, what was closed and what was done in a stretch of time, and how it
-- was at a moment.

CREATE INDEX alerts_raised_at ON alerts (raised_ms, id);
CREATE INDEX alerts_closed_at ON alerts (closed_ms);
CREATE INDEX audit_moment ON audit (at_ms);

-- What changed of people and sites from one reading of the directory to the next:
-- Webex tells how it is, not who changed it.
CREATE TABLE directory_changes (
	seq BIGINT PRIMARY KEY,
	at_ms BIGINT NOT NULL,
	uuid TEXT NOT NULL,
	name TEXT NOT NULL,
	what TEXT NOT NULL,
	was TEXT NOT NULL,
	became TEXT NOT NULL
);
CREATE INDEX directory_changes_of ON directory_changes (uuid, at_ms);
