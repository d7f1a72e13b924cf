-- Legs, calls and where they came from. Times are ms UTC since 1970, money is
-- micro USD. Words (names, trunks, kinds) are kept once, in words.

CREATE TABLE words (
	id BIGINT PRIMARY KEY,
	text TEXT NOT NULL
);
CREATE UNIQUE INDEX words_text ON words (text);

-- Raw evidence: records as Webex sent them, zstd, some hundred in a piece.
CREATE TABLE raw (
	id BIGINT PRIMARY KEY,
	stored_ms BIGINT NOT NULL,
	n_bytes BIGINT NOT NULL,
	zstd BYTEA NOT NULL
);

-- id: start_ms << 20 | 20 bits of the Report ID's hash, so that a growing
-- store is written at its end. report_id: 16 bytes of a UUID, else 0x00 and
-- the text.
CREATE TABLE legs (
	id BIGINT PRIMARY KEY,
	report_id BYTEA NOT NULL,
	report_ms BIGINT NOT NULL,
	call_id BIGINT NOT NULL,
	raw_id BIGINT NOT NULL,
	raw_at BIGINT NOT NULL,
	raw_n BIGINT NOT NULL,
	flags BIGINT NOT NULL,
	answer_ms BIGINT,
	release_ms BIGINT,
	duration_s BIGINT NOT NULL,
	ring_s BIGINT NOT NULL,
	user_id BIGINT,
	user_name_id BIGINT,
	user_type_id BIGINT,
	user_number_id BIGINT,
	location_id BIGINT,
	call_type_id BIGINT,
	client_type_id BIGINT,
	outcome_id BIGINT,
	reason_id BIGINT,
	redirect_id BIGINT,
	related_id BIGINT,
	trunk_in_id BIGINT,
	trunk_out_id BIGINT,
	device_id BIGINT,
	far TEXT NOT NULL,
	country TEXT NOT NULL,
	class BIGINT NOT NULL,
	tier BIGINT NOT NULL,
	cost_micro BIGINT NOT NULL,
	calling TEXT,
	called TEXT,
	dialed TEXT,
	redirecting TEXT,
	caller_name TEXT,
	called_name TEXT,
	local_call_id TEXT,
	remote_call_id TEXT,
	related_call_id TEXT,
	transfer_call_id TEXT,
	interaction BYTEA
);

CREATE TABLE calls (
	id BIGINT PRIMARY KEY,
	journey_id BIGINT NOT NULL,
	correlation BYTEA NOT NULL,
	correlation_hash BIGINT NOT NULL,
	day BIGINT NOT NULL,
	start_ms BIGINT NOT NULL,
	last_start_ms BIGINT NOT NULL,
	end_ms BIGINT NOT NULL,
	talk_s BIGINT NOT NULL,
	ring_s BIGINT NOT NULL,
	direction BIGINT NOT NULL,
	flags BIGINT NOT NULL,
	n_legs BIGINT NOT NULL,
	class BIGINT NOT NULL,
	tier BIGINT NOT NULL,
	country TEXT NOT NULL,
	cost_micro BIGINT NOT NULL,
	user_id BIGINT,
	user_name_id BIGINT,
	user_number_id BIGINT,
	location_id BIGINT,
	call_type_id BIGINT,
	trunk_id BIGINT,
	far_number TEXT NOT NULL,
	far_name TEXT
);
-- By day first: today's part of the tree stays in memory.
CREATE INDEX calls_correlation ON calls (day, correlation_hash);
CREATE INDEX calls_far ON calls (day, far_number);

-- Hourly, kept up to date in the transaction that changes a call.
CREATE TABLE hours (
	hour BIGINT NOT NULL,
	location_id BIGINT NOT NULL,
	direction BIGINT NOT NULL,
	n_calls BIGINT NOT NULL,
	n_answered BIGINT NOT NULL,
	talk_s BIGINT NOT NULL,
	cost_micro BIGINT NOT NULL,
	PRIMARY KEY (hour, location_id, direction)
);

-- Sites and people as Webex last told.
CREATE TABLE sites (
	uuid TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	country TEXT NOT NULL,
	zone TEXT NOT NULL,
	outside_digit TEXT NOT NULL,
	routing_prefix TEXT NOT NULL,
	main_number TEXT NOT NULL
);
CREATE TABLE people (
	uuid TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	site_uuid TEXT NOT NULL,
	extension TEXT NOT NULL,
	number TEXT NOT NULL,
	team TEXT NOT NULL
);
