/* SPDX-License-Identifier: Apache-2.0
 *
 * What a schema must have before its first migration: fold(), said by
 * PostgreSQL itself, so that a filter runs where the rows are. */
#include <stdlib.h>

#include "base/fold.h"
#include "base/hash.h"
#include "store/engine_postgres.h"

/* What translate() wants: those that become others, then those that go. No
 * letter beyond these planes is folded; ASCII is lower()'s. */
static void pairs(struct text *from, struct text *to)
{
	struct text gone = { 0 };
	char bytes[4];
	for (uint32_t point = 0x80; point < 0x10000; point++) {
		uint32_t folded = point_fold(point);
		if (folded == point || (point >= 0xD800 && point < 0xE000))
			continue;
		text_add(folded == 0 ? &gone : from, bytes, utf8_encode(point, bytes));
		if (folded != 0)
			text_add(to, bytes, utf8_encode(folded, bytes));
	}
	text_puts(from, text_string(&gone));
	text_clear(&gone);
}

bool pg_schema_ready(struct session *session, struct fault *fault)
{
	struct text from = { 0 }, to = { 0 }, body = { 0 }, sql = { 0 };
	pairs(&from, &to);
	/* Most text is ASCII, and translate() asks the whole list of each letter. */
	text_printf(&body, "SELECT CASE WHEN octet_length($1) = char_length($1) THEN lower($1 COLLATE \"C\")"
	    " ELSE translate(lower($1 COLLATE \"C\"), '%s', '%s') END", text_string(&from), text_string(&to));
	uint64_t hash = hash_bytes(body.bytes, body.n);
	text_printf(&sql, "DO $do$ BEGIN IF obj_description(to_regprocedure('fold(text)'), 'pg_proc') IS DISTINCT FROM '%016llx' THEN"
	    " PERFORM " PG_LOCK ";"
	    " CREATE OR REPLACE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fold$%s$fold$;"
	    " COMMENT ON FUNCTION fold(text) IS '%016llx'; END IF; END $do$",
	    (unsigned long long)hash, text_string(&body), (unsigned long long)hash);
	bool ok = pg_exec(session, text_string(&sql), fault);
	text_clear(&from);
	text_clear(&to);
	text_clear(&body);
	text_clear(&sql);
	return ok;
}
