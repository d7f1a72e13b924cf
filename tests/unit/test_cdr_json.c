/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <strings.h>

#include "base/json.h"
#include "base/mem.h"
#include "calls/cdr_csv.h"
#include "calls/cdr_json.h"

static enum cdr_next first(const char *bytes, struct arena *arena, struct cdr *cdr, char *why)
{
	struct cdr_reader reader;
	cdr_reader_init(&reader);
	cdr_reader_feed(&reader, bytes, strlen(bytes), true);
	enum cdr_next next = cdr_reader_next(&reader, arena, cdr);
	strcpy(why, reader.why);
	return next;
}

static void counts(const char *bytes, size_t n, size_t *records, size_t *rejected, bool *broken)
{
	struct cdr_reader reader;
	struct arena arena;
	struct cdr cdr;
	arena_init(&arena);
	cdr_reader_init(&reader);
	cdr_reader_feed(&reader, bytes, n, true);
	*records = *rejected = 0;
	*broken = false;
	for (;;) {
		enum cdr_next next = cdr_reader_next(&reader, &arena, &cdr);
		if (next == CDR_NEXT_RECORD)
			++*records;
		else if (next == CDR_NEXT_REJECTED)
			++*rejected;
		else {
			*broken = next == CDR_NEXT_BROKEN;
			break;
		}
	}
	arena_clear(&arena);
}

TEST(B1_field_names_match_in_any_spelling)
{
	static const struct {
		const char *name;
		enum cdr_field field;
	} rows[] = {
		{ "Call transfer Time", CDR_F_CALL_TRANSFER_TIME },
		{ "call  TRANSFER  time ", CDR_F_CALL_TRANSFER_TIME },
		{ "PSTN Vendor Name", CDR_F_PSTN_VENDOR_NAME },
		{ "Device Mac", CDR_F_DEVICE_MAC },
		{ "Queue Type", CDR_F_QUEUE_TYPE },
		{ "Original Called Party UUID", CDR_F_ORIGINAL_CALLED_PARTY_UUID },
		{ "PSTN Legal Entity", CDR_F_PSTN_LEGAL_ENTITY },
		{ "PSTN Vendor Org ID", CDR_F_PSTN_VENDOR_ORG_ID },
		{ "PSTN Provider ID", CDR_F_PSTN_PROVIDER_ID },
		{ "Recall Type", CDR_F_RECALL_TYPE },
		{ "Answered Elsewhere", CDR_F_ANSWERED_ELSEWHERE },
		{ "Hold Duration", CDR_F_HOLD_DURATION },
		{ "START TIME", CDR_F_START_TIME },
		{ "Something new", CDR_N_FIELDS },
		{ "", CDR_N_FIELDS },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_INT(cdr_field_named(rows[i].name, strlen(rows[i].name)), rows[i].field);
}

TEST(B2_ring_duration_is_a_string_or_a_number)
{
	struct arena arena;
	struct cdr cdr;
	char why[160];
	arena_init(&arena);
	CHECK_INT(first("{\"Start time\":\"2026-10-05T09:12:01.108Z\",\"Ring duration\":\"7\",\"Duration\":754}", &arena, &cdr, why), CDR_NEXT_RECORD);
	CHECK_INT(cdr.ring_s, 7);
	CHECK_INT(cdr.duration_s, 754);
	CHECK_INT(first("{\"Start time\":\"2026-10-05T09:12:01.108Z\",\"Ring duration\":7,\"Duration\":\"754\"}", &arena, &cdr, why), CDR_NEXT_RECORD);
	CHECK_INT(cdr.ring_s, 7);
	CHECK_INT(cdr.duration_s, 754);
	CHECK_INT(first("{\"Start time\":\"2026-10-05T09:12:01.108Z\",\"Duration\":-3}", &arena, &cdr, why), CDR_NEXT_REJECTED);
	CHECK(strstr(why, "Duration") != NULL);
	arena_clear(&arena);
}

TEST(B3_NA_and_empty_are_absent_but_a_person_may_be_called_NA)
{
	struct arena arena;
	struct cdr cdr;
	char why[160];
	arena_init(&arena);
	CHECK_INT(first("{\"Start time\":\"2026-10-05T09:12:01.108Z\",\"OS type\":\"na\",\"Model\":\"NA\",\"Outbound trunk\":\"\",\"User\":\"NA\",\"Related reason\":null}", &arena, &cdr, why), CDR_NEXT_RECORD);
	CHECK_INT(cdr.field[CDR_F_OS_TYPE].n, 0);
	CHECK_INT(cdr.field[CDR_F_MODEL].n, 0);
	CHECK_INT(cdr.field[CDR_F_OUTBOUND_TRUNK].n, 0);
	CHECK_INT(cdr.field[CDR_F_RELATED_REASON].n, 0);
	CHECK(span_is(cdr.field[CDR_F_USER], "NA"));
	arena_clear(&arena);
}

TEST(B4_release_time_parses_in_both_forms)
{
	struct arena arena;
	struct cdr cdr;
	char why[160];
	arena_init(&arena);
	CHECK_INT(first("{\"Start time\":\"2026-10-05T09:12:01.108Z\",\"Release time\":\"2026-10-05 09:24:41.512\"}", &arena, &cdr, why), CDR_NEXT_RECORD);
	CHECK_INT(cdr.release_ms, INT64_C(1791192281512));
	CHECK_INT(first("{\"Start time\":\"2026-10-05T09:12:01.108Z\",\"Release time\":\"2026-10-05T09:24:41.512Z\"}", &arena, &cdr, why), CDR_NEXT_RECORD);
	CHECK_INT(cdr.release_ms, INT64_C(1791192281512));
	CHECK_INT(cdr.report_ms, cdr.release_ms);
	static const struct {
		const char *text;
		int64_t ms;
	} forms[] = {
		{ "2026-10-05T09:24:41Z", INT64_C(1791192281000) },
		{ "2026-10-05T09:24:41.5Z", INT64_C(1791192281500) },
		{ "2026-10-05T09:24:41.512345678Z", INT64_C(1791192281512) },
		{ "2026-10-05T09:24:41.512+00:00", INT64_C(1791192281512) },
		{ "2026-10-05T09:24:41.512", INT64_C(1791192281512) }, /* no zone is UTC */
		{ "2026-10-05 09:24:41", INT64_C(1791192281000) },
		{ "yesterday", 0 }, { "NA", 0 }, { "", 0 },
	};
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		char *line = mem_printf("{\"Start time\":\"2026-10-05 09:12:01.108\",\"Release time\":\"%s\"}", forms[i].text);
		CHECK_INT(first(line, &arena, &cdr, why), CDR_NEXT_RECORD);
		CHECK_INT(cdr.release_ms, forms[i].ms);
		CHECK_INT(cdr.start_ms, INT64_C(1791191521108));
		free(line);
	}
	arena_clear(&arena);
}

TEST(B5_unknown_fields_and_shapes_are_passed_over)
{
	struct arena arena;
	struct cdr cdr;
	char why[160];
	arena_init(&arena);
	CHECK_INT(first("{\"New\":{\"a\":[1,2,{\"b\":null}]},\"Start time\":\"2026-10-05T09:12:01.108Z\",\"Model\":{\"x\":1},\"Zed\":1e5}", &arena, &cdr, why), CDR_NEXT_RECORD);
	CHECK_INT(cdr.field[CDR_F_MODEL].n, 0);
	arena_clear(&arena);
}

TEST(B9_site_timezone_is_minutes_or_absent)
{
	struct arena arena;
	struct cdr cdr;
	char why[160];
	arena_init(&arena);
	first("{\"Start time\":\"2026-10-05T09:12:01.108Z\",\"Site timezone\":\"-420\"}", &arena, &cdr, why);
	CHECK_INT(cdr.site_utc_minutes, -420);
	first("{\"Start time\":\"2026-10-05T09:12:01.108Z\",\"Site timezone\":-300}", &arena, &cdr, why);
	CHECK_INT(cdr.site_utc_minutes, -300);
	first("{\"Start time\":\"2026-10-05T09:12:01.108Z\",\"Site timezone\":\"99999\"}", &arena, &cdr, why);
	CHECK_INT(cdr.site_utc_minutes, CDR_NO_OFFSET);
	arena_clear(&arena);
}

TEST(escapes_are_undone_in_the_arena)
{
	struct arena arena;
	struct cdr cdr;
	char why[160];
	arena_init(&arena);
	CHECK_INT(first("{\"Start time\":\"2026-10-05T09:12:01.108Z\",\"User\":\"A\\u00f1a \\\"x\\\" \\ud83d\\ude00\\ud800\\u0000\"}", &arena, &cdr, why), CDR_NEXT_RECORD);
	CHECK(span_is(cdr.field[CDR_F_USER], "A\xC3\xB1" "a \"x\" \xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBD"));
	arena_clear(&arena);
}

TEST(a_bad_line_is_skipped_and_the_rest_kept)
{
	const char *lines = "{\"Start time\":\"2026-10-05T09:12:01.108Z\"}\n"
			    "{\"Start time\":\"yesterday\"}\n"
			    "garbage\n"
			    "{\"Start time\":\"2026-10-05T09:12:02.108Z\",}\n"
			    "{\"Start time\":\"2026-10-05T09:12:02.108Z\"}\n"
			    "{\"Start time\":\"2026-10-05T09:1";
	size_t records, rejected;
	bool broken;
	counts(lines, strlen(lines), &records, &rejected, &broken);
	CHECK_INT(records, 2);
	CHECK_INT(rejected, 4);
	CHECK(!broken);
}

TEST(a_cut_page_is_broken_not_short)
{
	const char *page = "{\"x\":1,\"items\":[{\"Start time\":\"2026-10-05T09:12:01.108Z\"},{\"Start ti";
	size_t records, rejected;
	bool broken;
	counts(page, strlen(page), &records, &rejected, &broken);
	CHECK_INT(records, 1);
	CHECK(broken);
	counts("{\"items\":[]}", 12, &records, &rejected, &broken);
	CHECK_INT(records, 0);
	CHECK(!broken);
	counts("<html>", 6, &records, &rejected, &broken);
	CHECK(broken);
	char deep[2000] = "{\"items\":[{\"a\":";
	size_t n = strlen(deep);
	memset(deep + n, '[', 1000);
	counts(deep, n + 1000, &records, &rejected, &broken);
	CHECK(broken);
}

/* Cut at every byte, fed in two pieces: the same records come out. */
TEST(what_only_begins_like_a_value_is_none)
{
	struct arena arena;
	struct cdr cdr;
	char why[160];
	arena_init(&arena);
	/* A NUL does not end a number, and four bytes with a t are not "true". */
	struct csv_field cells[] = { { .p = "2026-10-05T09:12:01.108Z", .n = 24 }, { .p = "6\0x", .n = 3 }, { .p = "t\0\1e", .n = 4 } };
	struct cdr_columns columns = { .field = { CDR_F_START_TIME, CDR_F_DURATION, CDR_F_ANSWERED }, .n = 3 };
	char start[] = "Start time", duration[] = "Duration", answered[] = "Answered";
	columns.name[0] = start;
	columns.name[1] = duration;
	columns.name[2] = answered;
	CHECK(!cdr_csv_row(&columns, cells, 3, &arena, &cdr, why, sizeof why));
	cells[1] = (struct csv_field){ .p = "6", .n = 1 };
	REQUIRE(cdr_csv_row(&columns, cells, 3, &arena, &cdr, why, sizeof why));
	CHECK_INT(cdr.duration_s, 6);
	CHECK_INT(cdr.flags & CDR_ANSWERED, 0);
	cells[2] = (struct csv_field){ .p = "TRUE", .n = 4 };
	REQUIRE(cdr_csv_row(&columns, cells, 3, &arena, &cdr, why, sizeof why));
	CHECK_INT(cdr.flags & CDR_ANSWERED, CDR_ANSWERED);
	arena_clear(&arena);
}

TEST(any_cut_gives_the_same_records)
{
	const char *page = "\xEF\xBB\xBF{\"items\": [ {\"Start time\":\"2026-10-05T09:12:01.108Z\",\"User\":\"a\\\"b\",\"Duration\":12},\n {\"Start time\":\"2026-10-05T09:12:03.108Z\",\"Answered\":true} ], \"more\":false}";
	size_t n = strlen(page);
	for (size_t cut = 0; cut <= n; cut++) {
		struct cdr_reader reader;
		struct arena arena;
		struct cdr cdr;
		int records = 0;
		arena_init(&arena);
		cdr_reader_init(&reader);
		char *head = mem_strndup(page, cut);
		cdr_reader_feed(&reader, head, cut, false);
		enum cdr_next next;
		while ((next = cdr_reader_next(&reader, &arena, &cdr)) == CDR_NEXT_RECORD)
			records++;
		CHECK(next == CDR_NEXT_MORE || next == CDR_NEXT_END);
		size_t kept = (size_t)(reader.end - reader.p);
		char *rest = mem_strndup(page + cut - kept, n - cut + kept);
		cdr_reader_feed(&reader, rest, n - cut + kept, true);
		while ((next = cdr_reader_next(&reader, &arena, &cdr)) == CDR_NEXT_RECORD)
			records++;
		CHECK_INT(next, CDR_NEXT_END);
		CHECK_INT(records, 2);
		free(head);
		free(rest);
		arena_clear(&arena);
	}
}

TEST(every_field_of_the_sample_page_is_read_as_jansson_reads_it)
{
	char path[512];
	const char *root = getenv("CENTINELA_SOURCE");
	snprintf(path, sizeof path, "%s/../shared/samples/cdr_feed_page.json", root ? root : ".");
	FILE *file = fopen(path, "r");
	if (file == NULL) {
		puts("skipped: no sample page beside the project");
		return;
	}
	char *bytes = mem_alloc(4 << 20);
	size_t n = fread(bytes, 1, 4 << 20, file);
	fclose(file);
	json_t *page;
	struct fault fault;
	REQUIRE(json_parse(bytes, n, &page, &fault));
	json_t *items = json_object_get(page, "items");
	struct cdr_reader reader;
	struct arena arena;
	struct cdr cdr;
	arena_init(&arena);
	cdr_reader_init(&reader);
	cdr_reader_feed(&reader, bytes, n, true);
	size_t count = 0;
	while (cdr_reader_next(&reader, &arena, &cdr) == CDR_NEXT_RECORD) {
		json_t *item = json_array_get(items, count++);
		for (int f = 0; f < CDR_N_FIELDS; f++) {
			json_t *value = json_object_get(item, cdr_wire_name((enum cdr_field)f));
			const char *text = json_string_value(value);
			if (text != NULL && cdr.field[f].n > 0)
				CHECK(span_is(cdr.field[f], text));
			else if (text != NULL)
				CHECK(*text == '\0' || strcasecmp(text, "NA") == 0);
		}
		CHECK_INT(cdr.duration_s, json_int(item, "Duration", -1));
	}
	CHECK_INT(count, 721);
	CHECK_INT(json_array_size(items), 721);
	json_decref(page);
	free(bytes);
	arena_clear(&arena);
}

TESTS(T(B1_field_names_match_in_any_spelling), T(B2_ring_duration_is_a_string_or_a_number),
    T(B3_NA_and_empty_are_absent_but_a_person_may_be_called_NA),
    T(B4_release_time_parses_in_both_forms), T(B5_unknown_fields_and_shapes_are_passed_over),
    T(B9_site_timezone_is_minutes_or_absent), T(escapes_are_undone_in_the_arena),
    T(a_bad_line_is_skipped_and_the_rest_kept), T(a_cut_page_is_broken_not_short),
    T(what_only_begins_like_a_value_is_none), T(any_cut_gives_the_same_records),
    T(every_field_of_the_sample_page_is_read_as_jansson_reads_it))
