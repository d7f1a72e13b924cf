-- The other ends of calls: each number, and each name that came with one, once.
-- Their trigrams find the numbers of which somebody knows some digits, and
-- calls_number finds the calls of those, newest first: by the week, since a number
-- is looked for in all of them, and only this week's part of the tree is written.
--
-- Calls that were there before are read piece by piece, from the newest on: those
-- below the counter are still to come (store/far_ends.c).

CREATE TABLE far_ends (
	id BIGINT PRIMARY KEY,
	is_name BIGINT NOT NULL,
	text TEXT NOT NULL,
	last_day BIGINT NOT NULL -- of a name: the newest call's; a number's calls have an index
);
CREATE UNIQUE INDEX far_ends_text ON far_ends (text, is_name);
CREATE INDEX far_ends_names ON far_ends (last_day) WHERE is_name = 1;

-- SQLite's own. (PostgreSQL: USING gin (fold(text) gin_trgm_ops) on far_ends.)
CREATE VIRTUAL TABLE far_end_grams USING fts5 (text, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1');

INSERT INTO counters (name, value) VALUES ('far_ends_gone', 0);
INSERT INTO counters (name, value) SELECT 'far_ends_below', coalesce(max(id) + 1, 0) FROM calls;

DROP INDEX calls_number;
CREATE INDEX calls_number ON calls ((day / 7), far_number, day);
