-- What the calls of an hour have at least and at most, so that a filter of plain columns
-- leaves out the hours of which no call can pass. Of the hour that a call's id is of.
-- classes, tiers, directions: a bit for each that there is; flags_some, flags_all: of
-- some call, of every one. They only widen: what is left out has none for sure.
--
-- Calls that were there before are read piece by piece, from the newest on: those below
-- the counter are still to come (store/call_bounds.c).

CREATE TABLE call_bounds (
	hour BIGINT PRIMARY KEY,
	talk_min BIGINT NOT NULL,
	talk_max BIGINT NOT NULL,
	ring_min BIGINT NOT NULL,
	ring_max BIGINT NOT NULL,
	legs_min BIGINT NOT NULL,
	legs_max BIGINT NOT NULL,
	cost_min BIGINT NOT NULL,
	cost_max BIGINT NOT NULL,
	classes BIGINT NOT NULL,
	tiers BIGINT NOT NULL,
	directions BIGINT NOT NULL,
	flags_some BIGINT NOT NULL,
	flags_all BIGINT NOT NULL
);

INSERT INTO counters (name, value) SELECT 'call_bounds_below', coalesce(max(id) + 1, 0) FROM calls;
