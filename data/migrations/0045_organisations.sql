-- Several organisations in one store: whose place this is (no row: the store's own),
-- and in the store's own place the list of all of them.

CREATE TABLE organisation (
	id BIGINT PRIMARY KEY,
	key TEXT NOT NULL,
	name TEXT NOT NULL,
	channel TEXT NOT NULL
);

CREATE TABLE organisations (
	key TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	added_ms BIGINT NOT NULL
);
