-- What came, what was closed and what was done in a stretch of time, and how it
-- was at a moment.

CREATE INDEX alerts_raised_at ON alerts (raised_ms, id);
CREATE INDEX alerts_closed_at ON alerts (closed_ms);
CREATE INDEX audit_moment ON audit (at_ms);
