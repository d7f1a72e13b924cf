/* SPDX-License-Identifier: Apache-2.0
 *
 * One expression, the same rows: thousands of filters made by chance, asked of a
 * real store and of the same rows in memory. CENTINELA_FILTER_SEED asks others. */
#include "test.h"

#include <unistd.h>

#include "base/iso_time.h"
#include "filter_rows.h"
#include "store_place.h"

#define N_ROWS 200

static char folder[] = "/tmp/centinela-filter-XXXXXX";
static bool folder_made;

static void remove_folder(void)
{
	char command[80];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

static struct filter_rows *rows_in(const char *name, uint64_t seed, char address[static 256])
{
	if (!folder_made) {
		REQUIRE(mkdtemp(folder) != NULL);
		folder_made = atexit(remove_folder) == 0;
	}
	snprintf(address, 256, "%s/%s.db", folder, name);
	store_place_in(address, 256);
	return filter_rows_new(address, N_ROWS, seed);
}

/* A text of the rows, as somebody may write it: in quotes or not, with other
 * capitals, only a part, with a *. */
static void write_text(struct text *out, uint64_t *r)
{
	const char *text = filter_text(r);
	size_t n = strlen(text), from = 0;
	if (filter_below(r, 3) == 0 && n > 2) { /* a part, of whole characters */
		from = 1 + filter_below(r, n - 1);
		while (from > 0 && ((unsigned char)text[from] & 0xC0) == 0x80)
			from--;
	}
	text_putc(out, '"');
	for (size_t i = from; i < n; i++) {
		char c = text[i];
		if (filter_below(r, 12) == 0 && ((unsigned char)c & 0xC0) != 0x80)
			text_putc(out, '*');
		if (c == '"' || c == '\\' || (c == '*' && filter_below(r, 2) == 0))
			text_putc(out, '\\');
		text_putc(out, filter_below(r, 4) == 0 && c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
	}
	text_putc(out, '"');
}

static void write_number(struct text *out, enum field_kind kind, uint64_t *r)
{
	int64_t number = filter_number(r);
	char when[ISO_TIME_BYTES];
	switch (kind) {
	case FIELD_SECONDS:
		if (filter_below(r, 3) == 0)
			text_printf(out, "%dm", (int)filter_below(r, 30));
		else
			text_printf(out, "%lld", (long long)number);
		return;
	case FIELD_MONEY:
		text_printf(out, "%lld.%02d", (long long)number / 1000000, (int)(number / 10000 % 100));
		return;
	case FIELD_TIME:
		iso_time_format(filter_moment(r), when);
		if (filter_below(r, 3) == 0)
			text_printf(out, "-%dh", (int)filter_below(r, 50));
		else
			text_printf(out, "%.*s", filter_below(r, 2) == 0 ? 10 : 23, when);
		return;
	case FIELD_NUMBER: case FIELD_TEXT: case FIELD_FLAG: case FIELD_ENUM:
		text_printf(out, "%lld", (long long)number);
		return;
	}
}

static void write_value(struct text *out, const struct filter_field *field, bool may_be_range, uint64_t *r)
{
	if (field->kind == FIELD_TEXT) {
		write_text(out, r);
	} else if (field->kind == FIELD_FLAG) {
		text_puts(out, filter_below(r, 2) == 0 ? "true" : "false");
	} else if (field->kind == FIELD_ENUM) {
		const char *name = field->values[filter_below(r, field->n_values)];
		text_printf(out, *name == '\0' ? "\"%s\"" : "%s", name);
	} else {
		bool range = may_be_range && filter_below(r, 3) == 0, open = filter_below(r, 3) == 0;
		if (!range || !open)
			write_number(out, field->kind, r);
		if (range) {
			text_puts(out, "..");
			write_number(out, field->kind, r);
		}
	}
}

static void write_term(struct text *out, enum filter_of of, int depth, uint64_t *r);

static void write_comparison(struct text *out, enum filter_of of, uint64_t *r)
{
	static const char *const of_text[] = { "=", "==", "!=", "~", "in", "not in" };
	static const char *const of_number[] = { "=", "!=", "<", "<=", ">", ">=", "in", "not in" };
	size_t n_fields = 0;
	while (filter_field_at(of, n_fields) != NULL)
		n_fields++;
	const struct filter_field *field = filter_field_at(of, filter_below(r, n_fields));
	const char *op = field->kind == FIELD_TEXT ? of_text[filter_below(r, COUNT_OF(of_text))] :
	    field->kind == FIELD_FLAG		   ? of_number[filter_below(r, 2)] :
						     of_number[filter_below(r, COUNT_OF(of_number))];
	text_printf(out, "%s %s ", field->name, op);
	bool listed = strstr(op, "in") != NULL;
	size_t n = listed ? 1 + filter_below(r, 3) : 1;
	text_puts(out, listed ? "[" : "");
	for (size_t i = 0; i < n; i++) {
		text_puts(out, i > 0 ? ", " : "");
		write_value(out, field, listed || op[0] == '=', r);
	}
	text_puts(out, listed ? "]" : "");
}

static void write_term(struct text *out, enum filter_of of, int depth, uint64_t *r)
{
	size_t kind = filter_below(r, depth > 0 ? 8 : 4);
	if (kind == 0) {
		write_text(out, r); /* a word alone */
	} else if (kind < 4) {
		write_comparison(out, of, r);
	} else if (kind == 4) {
		text_puts(out, "not ");
		write_term(out, of, depth - 1, r);
	} else {
		text_putc(out, '(');
		write_term(out, of, depth - 1, r);
		text_puts(out, kind == 5 ? " or " : kind == 6 ? " and " : " ");
		write_term(out, of, depth - 1, r);
		text_putc(out, ')');
	}
}

/* A search of calls leaves out what its plan says; at once and in pieces, up and down. */
static bool is_found(const struct filter_rows *rows, const char *source, int turn, const bool *passes, size_t n)
{
	struct call_query query = { .filter = source, .now_ms = FILTER_ROWS_NOW, .limit = N_ROWS, .budget_ms = turn / 2 % 2, .oldest_first = turn / 4 % 2 };
	struct arena arena;
	struct fault fault;
	struct call_list found = { .searching = true };
	size_t n_found = 0;
	bool same = true;
	arena_init(&arena);
	while (found.searching) {
		filter_must(query_calls(&rows->store->db, &query, &arena, &found, &fault), &fault);
		for (size_t i = 0; i < found.n; i++)
			same = same && passes[FILTER_ROW(found.items[i].id)];
		n_found += found.n;
		*(query.oldest_first ? &query.after_id : &query.before_id) = found.resume_id;
	}
	arena_clear(&arena);
	return same && n_found == n;
}

static uint64_t seed(void)
{
	const char *given = getenv("CENTINELA_FILTER_SEED");
	return given != NULL ? strtoull(given, NULL, 10) : 1;
}

TEST(random_filters_let_the_same_rows_through)
{
	char address[256];
	uint64_t r = seed();
	struct filter_rows *rows = rows_in("random", r, address);
	size_t n_telling = 0, n_refused = 0;
	for (int i = 0; i < 3000; i++) {
		enum filter_of of = i % 2 == 0 ? FILTER_CALLS : FILTER_ALERTS;
		struct text source = { 0 };
		struct filter filter;
		struct fault fault = { 0 };
		size_t offset;
		write_term(&source, of, 4, &r);
		if (filter_parse(of, source.bytes, source.n, FILTER_ROWS_NOW, NULL, &filter, NULL, &fault, &offset)) {
			bool passes[N_ROWS + 1] = { false };
			size_t n = filter_rows_in_memory(rows, &filter, passes);
			n_telling += n > 0 && n < N_ROWS;
			if (!filter_rows_agree(rows, &filter) || (of == FILTER_CALLS && !is_found(rows, source.bytes, i, passes, n))) {
				CHECK(!"SQL, a search and memory agree");
				printf("  %s\n", source.bytes);
			}
			filter_clear(&filter);
		} else {
			/* Too much of it, or 20..10: nothing else is wrong with what is made here. */
			bool expected = strstr(fault.text, "at most") != NULL || strstr(fault.text, "ends before it begins") != NULL;
			CHECK(expected);
			if (!expected)
				printf("  %s\n  %*s^ %s\n", source.bytes, (int)offset, "", fault.text);
			n_refused++;
		}
		text_clear(&source);
	}
	/* Most of them say something of these rows. */
	CHECK(n_telling > 1500);
	CHECK(n_refused < 600);
	filter_rows_free(rows);
}

/* How many of the calls pass, in memory; what SQL says must be the same. */
static size_t count(const struct filter_rows *rows, enum filter_of of, const char *source)
{
	struct filter filter;
	struct fault fault;
	bool passes[N_ROWS + 1] = { false };
	if (!filter_parse(of, source, strlen(source), FILTER_ROWS_NOW, NULL, &filter, NULL, &fault, NULL)) {
		printf("%s: %s\n", source, fault.text);
		return SIZE_MAX;
	}
	size_t n = filter_rows_in_memory(rows, &filter, passes);
	CHECK(filter_rows_agree(rows, &filter));
	filter_clear(&filter);
	return n;
}

TEST(every_field_is_read_by_both)
{
	char address[256], source[200];
	struct filter_rows *rows = rows_in("fields", 7, address);
	for (int k = 0; k < 2; k++) {
		enum filter_of of = k == 0 ? FILTER_CALLS : FILTER_ALERTS;
		const struct filter_field *field;
		for (size_t i = 0; (field = filter_field_at(of, i)) != NULL; i++) {
			bool text = field->kind == FIELD_TEXT;
			/* Something that some rows have and others have not. */
			const char *value = text ? "~ a" : field->kind == FIELD_ENUM ? "= " : field->kind == FIELD_TIME ? "> -2h" :
			    field->kind == FIELD_FLAG ? "= true" : "> 1";
			snprintf(source, sizeof source, "%s %s%s", field->name, value, field->kind == FIELD_ENUM ? field->values[1] : "");
			if (text && strcmp(field->name, "dst.country") == 0)
				snprintf(source, sizeof source, "dst.country = cu");
			size_t n = count(rows, of, source);
			CHECK(n > 0 && n < N_ROWS);
			if (n == 0 || n >= N_ROWS)
				printf("  %s: %zu\n", source, n);
		}
	}
	filter_rows_free(rows);
}

TEST(capitals_and_accents_do_not_count)
{
	char address[256];
	struct filter_rows *rows = rows_in("fold", 7, address);
	size_t n = count(rows, FILTER_CALLS, "user.name = \"jose munoz\"");
	CHECK(n > 0 && n < N_ROWS);
	static const char *const same[] = { "user.name = \"JOSÉ MUÑOZ\"", "user.name = \"Jose\xCC\x81 Mun\xCC\x83oz\"",
		"user.name = jos*", "user.name ~ MUÑ", "not user.name != \"José Muñoz\"", "user.name in [\"josé muñoz\"]" };
	for (size_t i = 0; i < COUNT_OF(same); i++)
		CHECK_INT(count(rows, FILTER_CALLS, same[i]), n);
	CHECK_INT(count(rows, FILTER_CALLS, "far.name = ΩμέΓΑ"), count(rows, FILTER_CALLS, "far.name = ωμέγα"));
	/* LIKE's own signs are letters here, and so is \*. */
	n = count(rows, FILTER_CALLS, "number = \"100%\"");
	CHECK(n > 0 && n < count(rows, FILTER_CALLS, "number = \"100*\""));
	n = count(rows, FILTER_CALLS, "number = \"a\\*b\"");
	CHECK(n > 0 && n < count(rows, FILTER_CALLS, "number = a*b"));
	/* What is not there is the empty text, and NOT is true of it. */
	n = count(rows, FILTER_CALLS, "trunk = \"\"");
	CHECK(n > 0);
	CHECK_INT(count(rows, FILTER_CALLS, "trunk != \"\""), N_ROWS - n);
	CHECK_INT(count(rows, FILTER_CALLS, "not trunk = xyz"), N_ROWS);
	CHECK_INT(count(rows, FILTER_CALLS, "trunk = *"), N_ROWS);
	/* Nor is a team, of whom nobody knows one. */
	n = count(rows, FILTER_CALLS, "user.team = \"\"");
	CHECK(n > 0 && n < N_ROWS);
	CHECK_INT(count(rows, FILTER_CALLS, "not user.team = \"\""), N_ROWS - n);
	CHECK_INT(count(rows, FILTER_CALLS, "not user.team == \"ventas\""), N_ROWS);
	n = count(rows, FILTER_CALLS, "user.team = \"jose munoz\"");
	CHECK(n > 0 && n < N_ROWS);
	filter_rows_free(rows);
}

TEST(a_query_counts_back_from_the_time_it_is_given)
{
	char address[256];
	struct filter_rows *rows = rows_in("now", 7, address);
	struct call_list calls;
	struct alert_list alerts;
	struct fault fault;
	struct call_query of_calls = { .filter = "start > -2h", .now_ms = FILTER_ROWS_NOW, .limit = 1000 };
	struct alert_query of_alerts = { .filter = "raised in -1d..-1h", .now_ms = FILTER_ROWS_NOW, .closed_too = true, .limit = 1000 };
	REQUIRE(query_calls(&rows->store->db, &of_calls, &rows->arena, &calls, &fault));
	REQUIRE(query_alerts(&rows->store->db, &of_alerts, "ana", &rows->arena, &alerts, &fault));
	CHECK(calls.n > 0 && alerts.n > 0);
	CHECK_INT(calls.n, count(rows, FILTER_CALLS, "start > -2h"));
	CHECK_INT(alerts.n, count(rows, FILTER_ALERTS, "raised in -1d..-1h"));
	filter_rows_free(rows);
}

TEST(the_command_line_lets_the_same_rows_through)
{
	char address[256], command[4000], line[4096];
	uint64_t r = seed() + 17;
	struct filter_rows *rows = rows_in("cli", r, address);
	const char *build = getenv("CENTINELA_BUILD");
	int n_asked = 0;
	while (n_asked < 24) {
		enum filter_of of = n_asked % 2 == 0 ? FILTER_CALLS : FILTER_ALERTS;
		struct text source = { 0 };
		struct filter filter;
		struct fault fault;
		bool passes[N_ROWS + 1] = { false };
		write_term(&source, of, 3, &r);
		/* The shell's quotes; times depend on now, which is another there. */
		bool fit = strchr(source.bytes, '\'') == NULL && strstr(source.bytes, "-1") == NULL && strstr(source.bytes, "h") == NULL &&
		    filter_parse(of, source.bytes, source.n, FILTER_ROWS_NOW, NULL, &filter, NULL, &fault, NULL);
		if (fit) {
			size_t n = filter_rows_in_memory(rows, &filter, passes), n_printed = 0;
			snprintf(command, sizeof command, "%s/centinela --config /dev/null --store '%s' %s --limit 1000 --filter '%s'", build, address,
			    of == FILTER_CALLS ? "calls list" : "alerts list --all", source.bytes);
			FILE *out = popen(command, "r");
			REQUIRE(out != NULL);
			while (fgets(line, sizeof line, out) != NULL) {
				long long id = FILTER_ROW(strtoll(line + (line[0] == '#'), NULL, 10));
				CHECK(id > 0 && id <= N_ROWS && passes[id]);
				n_printed++;
			}
			CHECK_INT(pclose(out), 0);
			CHECK_INT(n_printed, n);
			filter_clear(&filter);
			n_asked++;
		}
		text_clear(&source);
	}
	filter_rows_free(rows);
}

TEST(a_rule_is_found_by_title_in_either_language_and_by_id)
{
	static const char *const sources[] = { "rule = 76ba0046-325d-5647-bcc4-6fc7b8acbf79", "rule = \"wangiri: ONE ring, many lines\"",
		"rule ~ muchas", "rule = \"Wangiri*\"", "rule in [nothing, \"Wangiri: una llamada, muchas lineas\"]", "not rule ~ irsf" };
	static const struct alert alert = { .rule = "76ba0046-325d-5647-bcc4-6fc7b8acbf79", .title_en = "Wangiri: one ring, many lines", .title_es = "Wangiri: una llamada, muchas líneas" };
	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		struct filter filter;
		struct fault fault;
		REQUIRE(filter_parse(FILTER_ALERTS, sources[i], strlen(sources[i]), 0, NULL, &filter, NULL, &fault, NULL));
		CHECK(filter_passes(&filter, filter_read_alert, &alert, 0));
		filter_clear(&filter);
	}
}

TESTS(T(a_rule_is_found_by_title_in_either_language_and_by_id), T(random_filters_let_the_same_rows_through), T(every_field_is_read_by_both),
    T(capitals_and_accents_do_not_count), T(a_query_counts_back_from_the_time_it_is_given),
    T(the_command_line_lets_the_same_rows_through))
