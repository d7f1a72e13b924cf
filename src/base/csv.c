/* SPDX-License-Identifier: Apache-2.0
 *
 * A state a byte class; runs of ordinary bytes are copied at once. The row
 * being read is the only memory: bytes unescaped, and where each field ends. */
#include "base/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

enum place {
	AT_START,   /* of a row */
	AT_FIELD,   /* first byte of a later field */
	IN_FIELD,   /* not quoted */
	IN_QUOTES,
	AFTER_QUOTE, /* it closes the field, or is half of "" */
	AFTER_CR,    /* outside quotes */
	SKIPPING,    /* to the end of a broken row or a comment */
};

struct csv_reader {
	struct csv_options options;
	csv_row_fn *on_row;
	void *arg;
	enum place place;
	bool stopped;
	int bom;	/* bytes of a byte order mark seen; -1: past it */
	uint64_t line, row_line;
	char *row;	/* most_row_bytes + 1 at most, grown as needed */
	size_t n_row, row_capacity;
	size_t *starts; /* of each field in `row` */
	size_t n_fields, fields_capacity;
	struct csv_field *fields;
	uint8_t special[256]; /* 1: ends a run outside quotes */
};

struct csv_reader *csv_new(const struct csv_options *options, csv_row_fn *on_row, void *arg)
{
	struct csv_reader *reader = mem_zalloc(sizeof *reader);
	if (options != NULL)
		reader->options = *options;
	if (reader->options.separator == '\0')
		reader->options.separator = ',';
	if (reader->options.most_row_bytes == 0)
		reader->options.most_row_bytes = (size_t)1024 * 1024;
	if (reader->options.most_fields == 0)
		reader->options.most_fields = 1024;
	reader->on_row = on_row;
	reader->arg = arg;
	reader->line = reader->row_line = 1;
	reader->special[(unsigned char)reader->options.separator] = 1;
	reader->special['"'] = reader->special['\n'] = reader->special['\r'] = 1;
	return reader;
}

void csv_free(struct csv_reader *reader)
{
	if (reader == NULL)
		return;
	free(reader->row);
	free(reader->starts);
	free(reader->fields);
	free(reader);
}

/* Forget the row. Without on_broken this is the end of reading. */
static bool broken(struct csv_reader *reader, const char *reason, struct fault *fault)
{
	reader->n_row = reader->n_fields = 0;
	reader->place = SKIPPING;
	if (reader->options.on_broken != NULL) {
		reader->options.on_broken(reader->row_line, reason, reader->arg);
		return true;
	}
	reader->stopped = true;
	return fault_set(fault, FAULT_INPUT, "line %" PRIu64 ": %s", reader->row_line, reason);
}

static bool add(struct csv_reader *reader, const char *bytes, size_t n, struct fault *fault)
{
	if (n > reader->options.most_row_bytes - reader->n_row)
		return broken(reader, "the row is longer than the limit", fault);
	size_t wanted = reader->n_row + n + 1;
	if (wanted > reader->row_capacity) {
		reader->row_capacity = MAX(wanted, MAX((size_t)1024, reader->row_capacity * 2));
		reader->row = mem_realloc(reader->row, reader->row_capacity);
	}
	memcpy(reader->row + reader->n_row, bytes, n);
	reader->n_row += n;
	return true;
}

static bool begin_field(struct csv_reader *reader, struct fault *fault)
{
	if (reader->n_fields == reader->options.most_fields)
		return broken(reader, "the row has more fields than the limit", fault);
	if (reader->n_fields + 1 > reader->fields_capacity) {
		reader->fields_capacity = MAX((size_t)128, reader->fields_capacity * 2);
		reader->starts = mem_realloc(reader->starts,
		    reader->fields_capacity * sizeof *reader->starts);
		reader->fields = mem_realloc(reader->fields,
		    reader->fields_capacity * sizeof *reader->fields);
	}
	reader->starts[reader->n_fields++] = reader->n_row;
	return true;
}

/* The NUL after each field counts as a byte of the row. */
static bool end_field(struct csv_reader *reader, struct fault *fault)
{
	return add(reader, "", 1, fault);
}

static bool end_row(struct csv_reader *reader, struct fault *fault)
{
	if (!end_field(reader, fault))
		return false;
	if (reader->place == SKIPPING) /* the last NUL was too much */
		return true;
	for (size_t i = 0; i < reader->n_fields; i++) {
		size_t end = i + 1 < reader->n_fields ? reader->starts[i + 1] : reader->n_row;
		reader->fields[i] = (struct csv_field){ reader->row + reader->starts[i],
			end - reader->starts[i] - 1 };
	}
	size_t n = reader->n_fields;
	reader->n_row = reader->n_fields = 0;
	reader->place = AT_START;
	if (!reader->on_row(reader->fields, n, reader->row_line, reader->arg))
		reader->stopped = true;
	return !reader->stopped;
}

static bool end_line(struct csv_reader *reader, struct fault *fault)
{
	bool ok = true;
	if (reader->place == AT_FIELD) /* "a," ends in an empty field */
		ok = begin_field(reader, fault);
	if (ok && reader->place != AT_START && reader->place != SKIPPING)
		ok = end_row(reader, fault);
	if (reader->place == SKIPPING)
		reader->place = AT_START;
	reader->row_line = ++reader->line;
	return ok;
}

/* One byte outside quotes that may mean something. */
static bool plain_byte(struct csv_reader *reader, char c, struct fault *fault)
{
	bool at_start = reader->place == AT_START;
	if (c == '\n')
		return end_line(reader, fault);
	if (at_start && c == reader->options.comment && c != '\0') {
		reader->place = SKIPPING;
		return true;
	}
	if (c == '\r') {
		if (at_start) {
			/* An empty line, unless something else follows. */
			reader->place = AFTER_CR;
			return true;
		}
		if (reader->place == AT_FIELD && !begin_field(reader, fault))
			return false;
		if (reader->place != SKIPPING)
			reader->place = AFTER_CR;
		return true;
	}
	if (at_start || reader->place == AT_FIELD) {
		if (!begin_field(reader, fault))
			return false;
		if (reader->place == SKIPPING)
			return true;
		reader->place = IN_FIELD;
		if (c == '"') {
			reader->place = IN_QUOTES;
			return true;
		}
	}
	if (c == reader->options.separator) {
		if (!end_field(reader, fault))
			return false;
		if (reader->place != SKIPPING)
			reader->place = AT_FIELD;
		return true;
	}
	if (c == '"')
		return broken(reader, "a quote inside a field that is not quoted", fault);
	return add(reader, &c, 1, fault);
}

static bool after_quote(struct csv_reader *reader, char c, struct fault *fault)
{
	if (c == '"') {
		reader->place = IN_QUOTES;
		return add(reader, "\"", 1, fault);
	}
	if (c == reader->options.separator) {
		reader->place = AT_FIELD;
		return end_field(reader, fault);
	}
	if (c == '\n')
		return end_line(reader, fault);
	if (c == '\r') {
		reader->place = AFTER_CR;
		return true;
	}
	return broken(reader, "text after a closing quote", fault);
}

/* A CR that no LF follows is a byte like others (but not after a quote, where
 * the field has ended: it then joins the field, which is what it looks like). */
static bool after_cr(struct csv_reader *reader, char c, struct fault *fault)
{
	if (c == '\n') {
		if (reader->n_fields == 0)
			reader->place = AT_START;
		return end_line(reader, fault);
	}
	if (reader->n_fields == 0 && !begin_field(reader, fault))
		return false;
	if (reader->place == SKIPPING)
		return true;
	reader->place = IN_FIELD;
	if (!add(reader, "\r", 1, fault))
		return false;
	return reader->place == SKIPPING || plain_byte(reader, c, fault);
}

static bool feed(struct csv_reader *reader, const char *p, const char *end, struct fault *fault)
{
	while (p < end) {
		const char *run = p;
		bool ok = true;
		switch (reader->place) {
		case SKIPPING:
			p = memchr(p, '\n', (size_t)(end - p));
			if (p == NULL)
				return true;
			p++;
			ok = end_line(reader, fault);
			break;
		case IN_FIELD:
			while (p < end && !reader->special[(unsigned char)*p])
				p++;
			ok = p == run || add(reader, run, (size_t)(p - run), fault);
			if (ok && p < end && reader->place == IN_FIELD)
				ok = plain_byte(reader, *p++, fault);
			break;
		case IN_QUOTES: {
			/* Not past the byte that is too much: what is skipped
			 * begins there, however the bytes were cut. */
			size_t room = reader->options.most_row_bytes - reader->n_row + 1;
			const char *stop = room < (size_t)(end - p) ? p + room : end;
			while (p < stop && *p != '"') {
				reader->line += *p == '\n';
				p++;
			}
			ok = p == run || add(reader, run, (size_t)(p - run), fault);
			if (ok && p < end && reader->place == IN_QUOTES) {
				if (*p == '"') {
					p++;
					reader->place = AFTER_QUOTE;
				}
			}
			break;
		}
		case AFTER_QUOTE:
			ok = after_quote(reader, *p++, fault);
			break;
		case AFTER_CR:
			ok = after_cr(reader, *p++, fault);
			break;
		case AT_START:
		case AT_FIELD:
			ok = plain_byte(reader, *p++, fault);
			break;
		}
		if (!ok)
			return false;
	}
	return true;
}

static const char bom[] = "\xEF\xBB\xBF";

/* What began like a byte order mark is none: its bytes are text. */
static bool no_bom(struct csv_reader *reader, struct fault *fault)
{
	int seen = reader->bom;
	bool ok = true;
	assert(seen < 3);
	reader->bom = -1;
	for (int i = 0; ok && i < seen; i++)
		ok = feed(reader, bom + i, bom + i + 1, fault);
	return ok;
}

bool csv_feed(struct csv_reader *reader, const char *bytes, size_t n, struct fault *fault)
{
	const char *end = bytes + n;
	if (reader->stopped)
		return fault_set(fault, FAULT_CANCELLED, "the reader has stopped");
	while (reader->bom >= 0 && bytes < end) {
		if (*bytes == bom[reader->bom]) {
			bytes++;
			if (++reader->bom == 3)
				reader->bom = -1;
		} else {
			if (!no_bom(reader, fault))
				return false;
		}
	}
	return feed(reader, bytes, end, fault);
}

bool csv_finish(struct csv_reader *reader, struct fault *fault)
{
	if (reader->stopped)
		return fault_set(fault, FAULT_CANCELLED, "the reader has stopped");
	if (reader->bom > 0 && !no_bom(reader, fault))
		return false;
	switch (reader->place) {
	case IN_QUOTES:
		return broken(reader, "a quote is never closed", fault);
	case AFTER_CR:
		return reader->n_fields == 0 || end_row(reader, fault);
	case AT_FIELD:
		return begin_field(reader, fault) &&
		    (reader->place == SKIPPING || end_row(reader, fault));
	case IN_FIELD:
	case AFTER_QUOTE:
		return end_row(reader, fault);
	case AT_START:
	case SKIPPING:
		break;
	}
	return true;
}

bool csv_read(const char *bytes, size_t n, const struct csv_options *options, csv_row_fn *on_row,
    void *arg, struct fault *fault)
{
	struct csv_reader *reader = csv_new(options, on_row, arg);
	bool ok = csv_feed(reader, bytes, n, fault) && csv_finish(reader, fault);
	csv_free(reader);
	return ok;
}

bool csv_read_file(const char *path, size_t most_bytes, const struct csv_options *options,
    csv_row_fn *on_row, void *arg, struct fault *fault)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fault_set(fault, errno == ENOENT ? FAULT_NOT_FOUND : FAULT_SYSTEM,
		    "cannot read %s: %s", path, strerror(errno));
	struct csv_reader *reader = csv_new(options, on_row, arg);
	static const size_t piece = (size_t)64 * 1024;
	char *buffer = mem_alloc(piece);
	size_t total = 0;
	bool ok = true;
	while (ok) {
		ssize_t got = read(fd, buffer, piece);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			ok = fault_set(fault, FAULT_SYSTEM, "%s", strerror(errno));
		} else if (got == 0) {
			ok = csv_finish(reader, fault);
			break;
		} else {
			total += (size_t)got;
			ok = total > most_bytes ? fault_set(fault, FAULT_INPUT,
						      "longer than %zu bytes", most_bytes) :
						  csv_feed(reader, buffer, (size_t)got, fault);
		}
	}
	free(buffer);
	csv_free(reader);
	close(fd);
	return ok || fault_context(fault, "%s", path);
}

bool csv_is(struct csv_field field, const char *text)
{
	return strlen(text) == field.n && memcmp(field.p, text, field.n) == 0;
}
