-- Until when alerts like this one (same rule, same subject) are silenced, and how
-- many findings that kept back.

ALTER TABLE alerts ADD COLUMN silence_until_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN kept_back BIGINT NOT NULL DEFAULT 0;
