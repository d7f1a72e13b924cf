/* SPDX-License-Identifier: Apache-2.0
 *
 * The decoder walks the bytes once. A record is decided on only when its
 * closing brace was seen, so a page cut anywhere gives whole records and a
 * "more". */
#include "calls/cdr_walk.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

void cdr_reader_init(struct cdr_reader *reader)
{
	*reader = (struct cdr_reader){ .line = 1, .record_line = 1 };
	for (int i = 0; i <= CDR_N_FIELDS; i++)
		reader->follows[i] = i < CDR_N_FIELDS ? (enum cdr_field)((i + 1) % CDR_N_FIELDS) : CDR_F_ANSWER_TIME;
}

void cdr_reader_feed(struct cdr_reader *reader, const char *bytes, size_t n, bool final)
{
	reader->p = bytes;
	reader->end = bytes + n;
	reader->final = final;
}

static void advance(struct cdr_reader *reader, const char *to)
{
	for (const char *p = reader->p; (p = memchr(p, '\n', (size_t)(to - p))) != NULL; p++)
		reader->line++;
	reader->p = to;
}

static enum cdr_next broken(struct cdr_reader *reader, const char *why)
{
	snprintf(reader->why, sizeof reader->why, "%s", why);
	return CDR_NEXT_BROKEN;
}

static enum cdr_next ended(struct cdr_reader *reader)
{
	if (!reader->final)
		return CDR_NEXT_MORE;
	if (reader->state == CDR_IN_LIST)
		return broken(reader, _("the page ends before its list does"));
	return CDR_NEXT_END;
}

/* {"items": or [ or the first of many objects. */
static enum cdr_next find_start(struct cdr_reader *reader)
{
	struct walker w = { reader->p, reader->end, NULL };
	size_t have = MIN((size_t)(w.end - w.p), (size_t)3);
	if (have > 0 && memcmp(w.p, "\xEF\xBB\xBF", have) == 0) {
		if (have < 3 && !reader->final)
			return CDR_NEXT_MORE;
		w.p += have == 3 ? 3 : 0;
	}
	if (!walk_space(&w))
		return ended(reader);
	if (*w.p == '[') {
		reader->state = CDR_IN_LIST;
		advance(reader, w.p + 1);
		return CDR_NEXT_RECORD;
	}
	const char *object = w.p;
	if (*w.p != '{' && reader->lenient) {
		reader->state = CDR_IN_LINES;
		advance(reader, object);
		return CDR_NEXT_RECORD;
	}
	if (*w.p++ != '{')
		return broken(reader, _("neither a page, a list nor a record begins here"));
	/* Members before "items" are passed over; a record has none called so. */
	for (;;) {
		struct span key;
		bool escaped;
		if (!walk_space(&w))
			return reader->final ? broken(reader, _("the text ends too early")) : CDR_NEXT_MORE;
		if (*w.p != '"')
			break;
		w.p++;
		enum walk walk = walk_string(&w, &key, &escaped);
		if (walk == WALK_OK && !walk_space(&w))
			walk = WALK_SHORT;
		if (walk == WALK_OK && span_is(key, "items") && *w.p == ':') {
			w.p++;
			if (!walk_space(&w))
				return reader->final ? broken(reader, _("the text ends too early")) : CDR_NEXT_MORE;
			if (*w.p != '[')
				return broken(reader, _("\"items\" is not a list"));
			reader->state = CDR_IN_LIST;
			advance(reader, w.p + 1);
			return CDR_NEXT_RECORD;
		}
		if (walk == WALK_OK && cdr_field_named(key.p, key.n) < CDR_N_FIELDS)
			break;
		if (walk == WALK_OK && *w.p == ':') {
			w.p++;
			walk = walk_value(&w, 1);
			if (walk == WALK_OK && !walk_space(&w))
				walk = WALK_SHORT;
			if (walk == WALK_OK && *w.p == ',') {
				w.p++;
				continue;
			}
		}
		if (walk == WALK_SHORT && !reader->final)
			return CDR_NEXT_MORE;
		break;
	}
	reader->state = CDR_IN_LINES;
	advance(reader, object);
	return CDR_NEXT_RECORD;
}

/* After a broken record in JSON lines the next line is a new chance. */
static enum cdr_next skip_line(struct cdr_reader *reader, const char *why)
{
	const char *newline = memchr(reader->p, '\n', (size_t)(reader->end - reader->p));
	if (newline == NULL && !reader->final)
		return CDR_NEXT_MORE;
	snprintf(reader->why, sizeof reader->why, "%s", why);
	reader->p = newline == NULL ? reader->end : newline + 1;
	if (newline != NULL)
		reader->line++;
	return CDR_NEXT_REJECTED;
}

enum cdr_next cdr_reader_next(struct cdr_reader *reader, struct arena *arena, struct cdr *cdr)
{
	if (reader->state == CDR_IN_START) {
		enum cdr_next next = find_start(reader);
		if (next != CDR_NEXT_RECORD)
			return next;
	}
	struct walker w = { reader->p, reader->end, NULL };
	if (reader->state == CDR_IN_TAIL)
		return CDR_NEXT_END;
	for (;;) {
		if (!walk_space(&w)) {
			advance(reader, w.p);
			return ended(reader);
		}
		if (*w.p != ',')
			break;
		w.p++;
	}
	if (reader->state == CDR_IN_LIST && *w.p == ']') {
		reader->state = CDR_IN_TAIL; /* what follows the list does not matter */
		advance(reader, reader->end);
		return CDR_NEXT_END;
	}
	advance(reader, w.p);
	reader->record_line = reader->line;
	enum walk walk;
	if (*w.p != '{') {
		if (reader->state == CDR_IN_LINES)
			return skip_line(reader, _("not a JSON object"));
		walk = walk_value(&w, 1);
		if (walk == WALK_OK) {
			advance(reader, w.p);
			snprintf(reader->why, sizeof reader->why, "%s", _("an item that is no record"));
			return CDR_NEXT_REJECTED;
		}
	} else {
		walk = walk_record(reader, &w, arena, cdr);
	}
	if (walk == WALK_SHORT) {
		if (!reader->final)
			return CDR_NEXT_MORE;
		if (reader->state == CDR_IN_LINES)
			return skip_line(reader, _("the record is cut off"));
		return broken(reader, _("the page ends inside a record"));
	}
	if (walk == WALK_BAD) {
		if (reader->state == CDR_IN_LINES)
			return skip_line(reader, w.why);
		return broken(reader, w.why);
	}
	advance(reader, w.p);
	return cdr_finish(cdr, reader->why, sizeof reader->why) ? CDR_NEXT_RECORD : CDR_NEXT_REJECTED;
}
