-- What was asked of Webex, and who asks.

CREATE TABLE windows (
	endpoint TEXT NOT NULL,
	from_ms BIGINT NOT NULL,
	until_ms BIGINT NOT NULL,
	done_ms BIGINT NOT NULL,
	why TEXT NOT NULL,
	n_records BIGINT NOT NULL,
	PRIMARY KEY (endpoint, from_ms, until_ms)
);

CREATE TABLE settings (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
);

CREATE TABLE lease (
	id BIGINT PRIMARY KEY,
	holder TEXT NOT NULL,
	until_ms BIGINT NOT NULL
);
INSERT INTO lease (id, holder, until_ms) VALUES (1, '', 0);
