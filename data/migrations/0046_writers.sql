-- Nobody writes a row here. On PostgreSQL whoever writes to an organisation's tables
-- locks this one: an advisory lock could be held by everybody in the database.

CREATE TABLE writers (
	id BIGINT PRIMARY KEY
);
