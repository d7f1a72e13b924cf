-- Calls as one end lived them, from webhooks and polls: until their records come, a
-- story has them from here; afterwards it has from here what records do not tell
-- (when it was held). Some days are kept. id: created_ms << 20 | 20 bits of the
-- half's hash. steps: "0:0 2:7412": a state, and when, after created_ms.
CREATE TABLE live_halves (
	id BIGINT PRIMARY KEY,
	half TEXT NOT NULL,
	local_id TEXT NOT NULL,
	person_uuid TEXT NOT NULL,
	person_name TEXT NOT NULL,
	location TEXT NOT NULL,
	number TEXT NOT NULL,
	name TEXT NOT NULL,
	country TEXT NOT NULL,
	tier BIGINT NOT NULL,
	rate_micro BIGINT NOT NULL,
	originator BIGINT NOT NULL,
	answered_ms BIGINT NOT NULL,
	over_ms BIGINT NOT NULL,
	heard_ms BIGINT NOT NULL,
	steps TEXT NOT NULL
);
CREATE INDEX live_halves_half ON live_halves (half);
CREATE INDEX live_halves_local ON live_halves (local_id, id);
CREATE INDEX live_halves_person ON live_halves (person_uuid, id);
CREATE INDEX live_halves_number ON live_halves (number, id);
