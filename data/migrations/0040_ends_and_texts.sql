-- A call whose end nobody told, and whose record did not come: when it was given up.
-- 0: it was not. The index has those that may still be.
ALTER TABLE live_halves ADD COLUMN lost_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX live_halves_open ON live_halves (heard_ms) WHERE over_ms = 0 AND lost_ms = 0;

-- What an alert said until a finding said something else: its titles and reasons, beside
-- the finding that had said them. '': as the alert says now; '-': it said nothing anew;
-- NULL: it is from before this was kept.
ALTER TABLE growths ADD COLUMN texts TEXT;
CREATE INDEX growths_said ON growths (alert_id) WHERE texts = '';
