/* SPDX-License-Identifier: Apache-2.0
 *
 * What is in a call record, and what people get wrong about it: from the
 * record to the row of the store, trap by trap. */
#include "test.h"

#include <dirent.h>
#include <unistd.h>

#include "base/json.h"
#include "calls/assembler.h"
#include "calls/directory.h"
#include "cdr_maker.h"
#include "detect/fact.h"
#include "net/file.h"
#include "store/directory_rows.h"
#include "store/query.h"
#include "store/store.h"
#include "store_place.h"
#include "watch/import.h"

#define DANA "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e"
#define HQ   "7c6b5a49-3827-4165-a0b1-c2d3e4f50617"

static char folder[] = "/tmp/centinela-content-XXXXXX";
static int n_stores;
static struct fact_world world;

static struct store *fresh(void)
{
	struct store *store;
	struct fault fault;
	char address[256];
	if (n_stores == 0) {
		REQUIRE(mkdtemp(folder) != NULL);
		world.numbering = numbering_of_source();
	}
	snprintf(address, sizeof address, "%s/%d.db", folder, n_stores++);
	store_place(address);
	REQUIRE(store_open(address, &store, &fault));
	return store;
}

/* Records as a file of JSON lines would bring them. */
static void import_lines(struct store *store, const char *lines)
{
	struct import_counts counts;
	struct intake intake = { .world = world, .keep_raw = true };
	struct fault fault;
	char path[64];
	snprintf(path, sizeof path, "%s/lines.jsonl", folder);
	const char *paths[] = { path };
	struct import_options options = { .paths = paths, .n_paths = 1 };
	REQUIRE(file_write(path, lines, strlen(lines), 0600, &fault));
	REQUIRE(import_run(store, &intake, NULL, &options, &counts, &fault));
	CHECK_INT(counts.n_rejected, 0);
	intake_clear(&intake);
}

static int64_t ask(struct store *store, const char *sql)
{
	struct fault fault;
	int64_t value;
	REQUIRE(db_ask_int(&store->db, sql, -1, &value, &fault));
	return value;
}

static bool says(struct store *store, const char *sql, const char *expected)
{
	struct fault fault;
	struct statement *st = db_statement(&store->db, sql, &fault);
	REQUIRE(st != NULL);
	bool same = db_step(&store->db, st, &fault) == STEP_ROW && strcmp(db_text(&store->db, st, 0), expected) == 0;
	if (!same)
		printf("%s: \"%s\"\n", sql, db_text(&store->db, st, 0));
	store->db.engine->reset(st);
	return same;
}

/* A leg: id, correlation, offset in seconds, and what is special about it. */
#define LEG(id, call, second, more)                                                            \
	"{\"Start time\":\"2026-10-06T15:00:" second ".000Z\",\"Report ID\":\"" id "\","       \
	"\"Report time\":\"2026-10-06T16:00:00.000Z\",\"Correlation ID\":\"" call "\"," more "}\n"
#define OUT    "\"Direction\":\"ORIGINATING\","
#define IN     "\"Direction\":\"TERMINATING\","
#define TALKED(s) "\"Answered\":\"true\",\"Answer time\":\"2026-10-06T15:00:30.000Z\",\"Duration\":" s ",\"Call outcome\":\"Success\""
#define UNHEARD	  "\"Answered\":\"false\",\"Answer time\":\"\",\"Duration\":0,\"Call outcome\":\"Success\""
#define HOME   "\"Site main number\":\"+576015550100\",\"Location\":\"Colombia\","

static struct leg_facts facts_with(enum cdr_field field, const char *value, void (*make)(struct cdr_maker *))
{
	struct cdr_maker m;
	struct leg_facts facts;
	make(&m);
	if (value != NULL)
		cdr_set(&m, field, value);
	struct cdr cdr = cdr_made(&m);
	leg_facts_derive(&world, &cdr, &facts);
	cdr_free(&m);
	return facts;
}

TEST(B5_an_unknown_field_and_an_unknown_value_are_kept)
{
	struct store *store = fresh();
	struct arena arena;
	struct call_list calls;
	struct call_detail detail;
	struct fault fault;
	const char *raw;
	size_t n;
	arena_init(&arena);
	import_lines(store, LEG("r1", "c1", "00", OUT "\"Call type\":\"SIP_HOLOGRAM\",\"User type\":\"Oracle\",\"Field of 2027\":{\"a\":[1]}"));
	REQUIRE(query_calls(&store->db, &(struct call_query){ .filter = "call.type = \"SIP_HOLOGRAM\"", .limit = 5 }, &arena, &calls, &fault));
	CHECK_INT(calls.n, 1);
	REQUIRE(query_call(&store->db, calls.items[0].id, &arena, &detail, &fault));
	CHECK_STR(detail.legs[0].user_type, "Oracle");
	REQUIRE(query_raw(&store->db, detail.legs[0].leg_id, &arena, &raw, &n, &fault));
	CHECK(memmem(raw, n, "\"Field of 2027\":{\"a\":[1]}", 25) != NULL);
	arena_clear(&arena);
	store_close(store);
}

TEST(B6_what_a_service_took_and_what_succeeded_is_not_answered)
{
	static const struct {
		const char *more;
		bool taken, by_person;
	} rows[] = {
		{ IN TALKED("60") ",\"User type\":\"User\"", true, true },
		{ IN TALKED("60") ",\"User type\":\"Place\"", true, true },
		{ IN TALKED("60") ",\"User type\":\"VirtualLine\"", true, true },
		{ IN TALKED("60") ",\"User type\":\"HuntGroup\"", true, false },
		{ IN TALKED("60") ",\"User type\":\"CallCenterPremium\"", true, false },
		{ IN TALKED("60") ",\"User type\":\"CallCenterBasic\"", true, false },
		{ IN TALKED("60") ",\"User type\":\"AutomatedAttendantVideo\"", true, false },
		{ IN TALKED("60") ",\"User type\":\"VoiceMailRetrieval\"", true, false },
		{ IN TALKED("60") ",\"User type\":\"Anchor\"", true, false },
		{ IN TALKED("60") ",\"User type\":\"User\",\"Answered elsewhere\":\"Yes\"", false, false },
		{ IN UNHEARD ",\"User type\":\"User\"", false, false }, /* Success, and nobody there */
		/* Some exports lack the column: the time says it then. */
		{ IN "\"Answer time\":\"2026-10-06T15:00:30.000Z\",\"Duration\":9,\"User type\":\"User\"", true, true },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct store *store = fresh();
		char *line = mem_printf("{\"Start time\":\"2026-10-06T15:00:00.000Z\",\"Report ID\":\"r\",\"Correlation ID\":\"c\",%s}\n", rows[i].more);
		import_lines(store, line);
		CHECK_INT((ask(store, "SELECT flags FROM legs") & PART_TAKEN) != 0, rows[i].taken);
		CHECK_INT((ask(store, "SELECT flags FROM calls") & CALL_ANSWERED) != 0, rows[i].by_person);
		CHECK_INT(ask(store, "SELECT n_answered FROM hours"), rows[i].by_person);
		free(line);
		store_close(store);
	}
}

TEST(B7_calls_minutes_and_cost_are_counted_once)
{
	struct store *store = fresh();
	/* Inside: one call of a minute, two records. */
	import_lines(store, LEG("r1", "c1", "00", OUT HOME "\"Call type\":\"SIP_ENTERPRISE\",\"User type\":\"User\",\"Called number\":\"4021\"," TALKED("60"))
	    LEG("r2", "c1", "00", IN HOME "\"Call type\":\"SIP_ENTERPRISE\",\"User type\":\"User\",\"Calling number\":\"4022\"," TALKED("60")));
	CHECK_INT(ask(store, "SELECT count(*) FROM calls"), 1);
	CHECK_INT(ask(store, "SELECT sum(n_calls) FROM hours"), 1);
	CHECK_INT(ask(store, "SELECT sum(talk_s) FROM hours"), 60);
	CHECK_INT(ask(store, "SELECT sum(cost_micro) FROM hours"), 0);
	CHECK_INT(ask(store, "SELECT direction FROM calls"), CALL_INTERNAL); /* who calls inside is not out */
	store_close(store);
	/* A queue rings three agents, the third answers; the call goes on to Latvia:
	 * seven records, one call, the minutes of the way out, its cost once. */
	store = fresh();
	import_lines(store, LEG("r1", "c2", "00", IN HOME "\"Call type\":\"SIP_INBOUND\",\"User type\":\"CallCenterPremium\",\"Calling number\":\"+576015557777\"," TALKED("400"))
	    LEG("r2", "c2", "01", IN HOME "\"Call type\":\"SIP_ENTERPRISE\",\"User type\":\"User\",\"User\":\"A\"," UNHEARD)
	    LEG("r3", "c2", "05", IN HOME "\"Call type\":\"SIP_ENTERPRISE\",\"User type\":\"User\",\"User\":\"B\"," UNHEARD)
	    LEG("r4", "c2", "09", IN HOME "\"Call type\":\"SIP_ENTERPRISE\",\"User type\":\"User\",\"User\":\"C\"," TALKED("380"))
	    LEG("r5", "c2", "10", OUT HOME "\"Call type\":\"SIP_ENTERPRISE\",\"User type\":\"CallCenterPremium\",\"Called number\":\"4021\"," TALKED("380"))
	    LEG("r6", "c2", "20", OUT HOME "\"Call type\":\"SIP_INTERNATIONAL\",\"User type\":\"User\",\"User\":\"C\",\"Called number\":\"+37125550123\"," TALKED("120"))
	    LEG("r7", "c2", "20", IN HOME "\"Call type\":\"SIP_ENTERPRISE\",\"User type\":\"User\",\"User\":\"C\"," TALKED("120")));
	CHECK_INT(ask(store, "SELECT count(*) FROM calls"), 1);
	CHECK_INT(ask(store, "SELECT n_legs FROM calls"), 7);
	CHECK_INT(ask(store, "SELECT sum(n_calls) FROM hours"), 1);
	CHECK_INT(ask(store, "SELECT sum(talk_s) FROM hours"), 120);
	CHECK_INT(ask(store, "SELECT direction FROM calls"), CALL_TRANSIT);
	int64_t cost = ask(store, "SELECT sum(cost_micro) FROM hours");
	CHECK(cost > 0);
	CHECK_INT(cost, ask(store, "SELECT cost_micro FROM legs WHERE cost_micro <> 0"));
	store_close(store);
}

TEST(B8_a_blind_transfer_is_joined_by_the_interaction)
{
	struct store *store = fresh();
	/* It opens a new correlation and names no other call. */
	import_lines(store, LEG("r1", "A", "00", OUT "\"Local call ID\":\"11:0\",\"Interaction ID\":\"a98c732b-36ac-4d20-87b2-fec4e0a69209\"")
	    LEG("r2", "B", "40", OUT "\"Local call ID\":\"22:0\",\"Interaction ID\":\"a98c732b-36ac-4d20-87b2-fec4e0a69209\"")
	    LEG("r3", "C", "41", OUT "\"Local call ID\":\"33:0\",\"Interaction ID\":\"b98c732b-36ac-4d20-87b2-fec4e0a69209\""));
	CHECK_INT(ask(store, "SELECT count(*) FROM calls"), 3);
	CHECK_INT(ask(store, "SELECT count(DISTINCT journey_id) FROM calls"), 2);
	store_close(store);
}

TEST(records_without_a_correlation_meet_by_their_network_call_id)
{
#define ORPHAN(id, network) "{\"Start time\":\"2026-10-06T15:00:00.000Z\",\"Report ID\":\"" id "\"," OUT "\"Network call ID\":\"" network "\"}\n"
	struct store *store = fresh();
	struct arena arena;
	struct call_list calls;
	struct fault fault;
	arena_init(&arena);
	import_lines(store, ORPHAN("r1", "BW1@10.20.30.41") ORPHAN("r2", "") ORPHAN("r3", "BW2@10.20.30.41"));
	import_lines(store, ORPHAN("r4", "BW1@10.20.30.41") ORPHAN("r5", "NA"));
	CHECK_INT(ask(store, "SELECT count(*) FROM legs"), 5);
	CHECK_INT(ask(store, "SELECT count(*) FROM calls"), 4);
	CHECK_INT(ask(store, "SELECT max(n_legs) FROM calls"), 2);
	CHECK_INT(ask(store, "SELECT sum(n_calls) FROM hours"), 4);
	REQUIRE(query_calls(&store->db, &(struct call_query){ .filter = "", .limit = 9 }, &arena, &calls, &fault));
	for (size_t i = 0; i < calls.n; i++) {
		CHECK_STR(calls.items[i].correlation_id, ""); /* they have none, and say so */
		CHECK(calls.items[i].flags & CALL_ORPHAN);
	}
	arena_clear(&arena);
	store_close(store);
}

TEST(B9_the_sites_zone_stands_in_for_a_missing_or_wrong_offset)
{
	struct directory *directory = directory_new();
	struct site site = { .uuid = (char[]){ HQ }, .name = (char[]){ "Denver" }, .country = "US",
		.zone_name = (char[]){ "America/Denver" } };
	site_default_hours(&site);
	directory_add_site(directory, &site);
	/* 15:00 UTC on 2026-10-06 is 9:00 in Denver (summer time), 10:00 in Bogotá. */
	static const struct {
		const char *offset;
		bool known;
		int minute;
	} rows[] = { { "", true, 540 }, { "-300", true, 540 }, { "nonsense", true, 540 },
		{ "-300", false, 600 }, { "-420", false, 480 }, { "", false, -1 }, { "99999", false, -1 } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		world.directory = rows[i].known ? directory : NULL;
		CHECK_INT(facts_with(CDR_F_SITE_TIMEZONE, rows[i].offset, cdr_outbound).local_minute, rows[i].minute);
	}
	world.directory = NULL;
	directory_free(directory);
}

TEST(B10_numbers_are_understood_in_every_form_and_kept_as_they_came)
{
	static const struct {
		const char *called, *far, *country;
	} rows[] = {
		{ "+37125550123", "+37125550123", "LV" },
		{ "00937125550123", "+37125550123", "LV" }, /* as dialled, with a carrier */
		{ "6017382248", "+576017382248", "CO" },
		{ "3142", "3142", "" },			     /* an extension */
		{ "83142", "83142", "" },		     /* prefix and extension */
		{ "sip:dana@example.com", "sip:dana@example.com", "" },
		{ "*72#", "*72#", "" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct store *store = fresh();
		char *line = mem_printf("{\"Start time\":\"2026-10-06T15:00:00.000Z\",\"Report ID\":\"r\",\"Correlation ID\":\"c\"," OUT HOME
		    "\"Called number\":\"%s\",\"Dialed digits\":\"9%s\"}\n", rows[i].called, rows[i].called);
		char *dialed = mem_printf("9%s", rows[i].called);
		import_lines(store, line);
		CHECK(says(store, "SELECT far FROM legs", rows[i].far));
		CHECK(says(store, "SELECT country FROM legs", rows[i].country));
		CHECK(says(store, "SELECT called FROM legs", rows[i].called));
		CHECK(says(store, "SELECT dialed FROM legs", dialed));
		free(dialed);
		free(line);
		store_close(store);
	}
	static const char *const hidden[] = { "anonymous", "Unavailable", "restricted", "private", "" };
	for (size_t i = 0; i < COUNT_OF(hidden); i++)
		CHECK(facts_with(CDR_F_CALLING_NUMBER, hidden[i], cdr_inbound).flags & LEG_CALLER_WITHHELD);
}

TEST(B11_international_is_what_type_country_or_number_say)
{
	static const struct {
		const char *type, *country, *called, *trunk, *is;
	} rows[] = {
		{ "SIP_INTERNATIONAL", "LV", "+37125550123", "", "LV" },
		{ "SIP_NATIONAL", "", "+37125550123", "", "LV" },	  /* the number knows better */
		{ "SIP_ENTERPRISE", "", "+37125550123", "GW_Bogota", "LV" }, /* by trunk, no country told */
		{ "UNKNOWN", "", "+37125550123", "", "LV" },
		{ "SIP_INTERNATIONAL", "LV", "99999", "", "LV" },	  /* no number to read: Webex's word */
		{ "SIP_INTERNATIONAL", "", "99999", "", "" },
		{ "SIP_NATIONAL", "LV", "+576015550199", "", NULL },	  /* Webex's country is evidence, not truth */
		{ "SIP_NATIONAL", "", "+576015550199", "", NULL },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct cdr_maker m;
		struct leg_facts facts;
		cdr_outbound(&m);
		cdr_set(&m, CDR_F_CALL_TYPE, rows[i].type);
		cdr_set(&m, CDR_F_INTERNATIONAL_COUNTRY, rows[i].country);
		cdr_set(&m, CDR_F_CALLED_NUMBER, rows[i].called);
		cdr_set(&m, CDR_F_OUTBOUND_TRUNK, rows[i].trunk);
		struct cdr cdr = cdr_made(&m);
		leg_facts_derive(&world, &cdr, &facts);
		CHECK_INT((facts.flags & LEG_INTERNATIONAL) != 0, rows[i].is != NULL);
		if (rows[i].is != NULL)
			CHECK_STR(facts.country, rows[i].is);
		cdr_free(&m);
	}
}

TEST(B11_a_forwarded_leg_names_who_forwards)
{
	struct cdr_maker m;
	struct leg_facts facts;
	struct state_facts state = { 0 };
	struct fact_value value;
	cdr_outbound(&m);
	cdr_set(&m, CDR_F_CALLED_NUMBER, "+37125550123");
	cdr_set(&m, CDR_F_REDIRECT_REASON, "Unconditional");
	cdr_set(&m, CDR_F_REDIRECTING_PARTY_UUID, "bbbbbbbb-2f77-4a39-8d0e-6b8f1a2c3d4e");
	struct cdr cdr = cdr_made(&m);
	leg_facts_derive(&world, &cdr, &facts);
	CHECK(facts.flags & LEG_FORWARD_OUT);
	CHECK(facts.flags & LEG_INTERNATIONAL);
	struct fact_view view = { &cdr, &facts, &state };
	fact_read(fact_named("forward.by"), &view, &value);
	CHECK(value.present && span_is(value.text, "bbbbbbbb-2f77-4a39-8d0e-6b8f1a2c3d4e"));
	cdr_free(&m);
}

TEST(B12_public_addresses_are_required_nowhere)
{
	static const char *const addresses[] = { "NA", "", "198.51.100.7" };
	struct leg_facts without = facts_with(CDR_F_USER, "Ana Bernal", cdr_outbound);
	for (size_t i = 0; i < COUNT_OF(addresses); i++) {
		struct leg_facts with = facts_with(CDR_F_PUBLIC_CALLING_IP, addresses[i], cdr_outbound);
		CHECK(memcmp(&with, &without, sizeof with) == 0);
	}
	/* Nor does a rule that came along ask for them. */
	DIR *rules = opendir(CENTINELA_SOURCE_DATA "/rules");
	REQUIRE(rules != NULL);
	int n_rules = 0;
	for (struct dirent *entry; (entry = readdir(rules)) != NULL;) {
		char *bytes, path[512];
		size_t n;
		struct fault fault;
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/rules/%s", CENTINELA_SOURCE_DATA, entry->d_name);
		REQUIRE(file_read(path, 1 << 20, &bytes, &n, &fault));
		CHECK(strcasestr(bytes, "ip address") == NULL && strcasestr(bytes, "public_call") == NULL);
		free(bytes);
		n_rules++;
	}
	closedir(rules);
	CHECK(n_rules > 5);
}

static bool is_clean(const char *text)
{
	size_t n = strlen(text);
	uint32_t point;
	for (size_t i = 0; i < n;) {
		size_t used = utf8_decode(text + i, n - i, &point);
		if (!utf8_is_printable(point))
			return false;
		i += used;
	}
	return true;
}

TEST(B13_whatever_a_caller_writes_reaches_no_screen_as_it_is)
{
#define BAD "\\u001b]0;x\\u0007\\u001b[2J\\u202e\\u200b\\r\\n\\u009b31m"
	struct store *store = fresh();
	struct arena arena;
	struct call_list calls;
	struct call_detail detail;
	struct fault fault;
	struct text line = { 0 };
	arena_init(&arena);
	text_puts(&line, "{\"Start time\":\"2026-10-06T15:00:00.000Z\",\"Direction\":\"ORIGINATING\",\"Duration\":7");
	for (int f = 0; f < CDR_N_FIELDS; f++) {
		if (f != CDR_F_DIRECTION && (cdr_kind((enum cdr_field)f) == CDR_TEXT || cdr_kind((enum cdr_field)f) == CDR_NAME))
			text_printf(&line, ",\"%s\":\"x%d" BAD "y\"", cdr_wire_name((enum cdr_field)f), f);
	}
	text_puts(&line, "}\n");
	import_lines(store, text_string(&line));
	REQUIRE(query_calls(&store->db, &(struct call_query){ .filter = "", .limit = 5 }, &arena, &calls, &fault));
	REQUIRE(calls.n == 1);
	REQUIRE(query_call(&store->db, calls.items[0].id, &arena, &detail, &fault));
	REQUIRE(detail.n_legs == 1);
	const struct call *c = &detail.call;
	const struct leg_row *l = &detail.legs[0];
	const char *const shown[] = { c->correlation_id, c->user_uuid, c->user_name, c->user_number, c->location,
		c->far_number, c->far_name, c->call_type, c->trunk, l->report_id, l->user_uuid, l->user_name,
		l->user_type, l->user_number, l->location, l->calling, l->called, l->dialed, l->call_type,
		l->client_type, l->outcome, l->outcome_reason, l->redirect_reason, l->related_reason,
		l->redirecting_number, l->inbound_trunk, l->outbound_trunk, l->local_call_id, l->remote_call_id,
		l->related_call_id, l->transfer_call_id, l->device_mac, l->caller_name, l->called_name };
	for (size_t i = 0; i < COUNT_OF(shown); i++) {
		if (!is_clean(shown[i]))
			printf("%zu: %s\n", i, shown[i]);
		CHECK(is_clean(shown[i]));
		CHECK(shown[i][0] == 'x' || i == 5); /* what is left is still there */
	}
	CHECK(is_clean(l->far));
	text_clear(&line);
	arena_clear(&arena);
	store_close(store);
#undef BAD
}

TEST(B15_misspelt_values_are_what_they_mean)
{
	static const struct {
		enum cdr_field field;
		const char *came, *meant;
	} rows[] = {
		{ CDR_F_USER_TYPE, "VirtuaLline", "VirtualLine" },
		{ CDR_F_USER_TYPE, "VirtualLine", "VirtualLine" },
		{ CDR_F_RELATED_REASON, "CalllPark", "CallPark" },
		{ CDR_F_RELATED_REASON, "RemoteOffice", "Remote Office" },
		{ CDR_F_REDIRECT_REASON, "Unrecognised", "Unrecognized" },
		{ CDR_F_ORIGINAL_REASON, "Unrecognised", "Unrecognized" },
		{ CDR_F_RELATED_REASON, "Unrecognized", "Unrecognized" },
		{ CDR_F_RECORDING_TRIGGER, "always-pause-resume\"", "always-pause-resume" },
		{ CDR_F_REPUTATION_RESULT, "allowed", "allow" },
		{ CDR_F_REPUTATION_RESULT, "captcha-block", "captcha-block" },
		{ CDR_F_USER, "Unrecognised", "Unrecognised" }, /* a name is a name */
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct cdr_maker m;
		cdr_outbound(&m);
		cdr_set(&m, rows[i].field, rows[i].came);
		struct cdr cdr = cdr_made(&m);
		CHECK(span_is(cdr.field[rows[i].field], rows[i].meant));
		cdr_free(&m);
	}
	/* The record itself stays as it came. */
	struct store *store = fresh();
	struct arena arena;
	struct fault fault;
	const char *raw;
	size_t n;
	arena_init(&arena);
	import_lines(store, LEG("r1", "c1", "00", OUT "\"User type\":\"VirtuaLline\""));
	CHECK_INT(ask(store, "SELECT count(*) FROM legs l JOIN words w ON w.id = l.user_type_id WHERE w.text = 'VirtualLine'"), 1);
	REQUIRE(query_raw(&store->db, ask(store, "SELECT id FROM legs"), &arena, &raw, &n, &fault));
	CHECK(memmem(raw, n, "VirtuaLline", 11) != NULL);
	/* From a second piece and the first again; one that was retired, and one that says of itself what is not so. */
	import_lines(store, LEG("r2", "c2", "01", OUT "\"User type\":\"User\""));
	int64_t first = ask(store, "SELECT min(id) FROM legs"), second = ask(store, "SELECT max(id) FROM legs");
	for (int turn = 0; turn < 2; turn++) {
		REQUIRE(query_raw(&store->db, second, &arena, &raw, &n, &fault));
		CHECK(memmem(raw, n, "\"r2\"", 4) != NULL);
		REQUIRE(query_raw(&store->db, first, &arena, &raw, &n, &fault));
		CHECK(memmem(raw, n, "\"r1\"", 4) != NULL);
	}
	REQUIRE(db_exec(&store->db, "UPDATE legs SET raw_n = 100000 WHERE id = (SELECT min(id) FROM legs)", &fault));
	CHECK(!query_raw(&store->db, first, &arena, &raw, &n, &fault));
	CHECK_INT(fault.code, FAULT_STORE);
	REQUIRE(db_exec(&store->db, "DELETE FROM raw WHERE id = (SELECT min(id) FROM raw)", &fault));
	CHECK(!query_raw(&store->db, first, &arena, &raw, &n, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	REQUIRE(db_exec(&store->db, "UPDATE raw SET n_bytes = n_bytes - 1", &fault));
	CHECK(!query_raw(&store->db, second, &arena, &raw, &n, &fault));
	CHECK_INT(fault.code, FAULT_STORE);
	arena_clear(&arena);
	store_close(store);
}

TEST(A4_a_report_twice_in_one_answer_is_one_leg_and_the_later_one_counts)
{
#define REPORT(minute, s) "{\"Start time\":\"2026-10-06T15:00:00.000Z\",\"Report ID\":\"r1\",\"Correlation ID\":\"c\"," \
	"\"Report time\":\"2026-10-06T16:" minute ":00.000Z\"," OUT TALKED(s) "}\n"
	struct store *store = fresh();
	import_lines(store, REPORT("00", "60") REPORT("05", "99") REPORT("02", "70"));
	CHECK_INT(ask(store, "SELECT count(*) FROM legs"), 1);
	CHECK_INT(ask(store, "SELECT duration_s FROM legs"), 99);
	CHECK_INT(ask(store, "SELECT sum(n_calls) FROM hours"), 1);
	CHECK_INT(ask(store, "SELECT sum(talk_s) FROM hours"), 99);
	store_close(store);
	/* Without a Report ID: the same by correlation, local id, user, start, direction. */
#define NAMELESS(local) "{\"Start time\":\"2026-10-06T15:00:00.000Z\",\"Correlation ID\":\"c\",\"Local call ID\":\"" local "\"," OUT TALKED("5") "}\n"
	store = fresh();
	import_lines(store, NAMELESS("1:0") NAMELESS("1:0") NAMELESS("2:0"));
	CHECK_INT(ask(store, "SELECT count(*) FROM legs"), 2);
	store_close(store);
}

TEST(G4_whoever_is_not_in_people_is_named_by_the_record)
{
	struct store *store = fresh();
	struct directory *directory = directory_new();
	struct arena arena;
	struct call_list calls;
	struct fault fault;
	arena_init(&arena);
	directory_add_person(directory, &(struct person){ .uuid = (char[]){ DANA }, .name = (char[]){ "Dana" } });
	world.directory = directory;
	/* A workspace, a virtual line, a queue: none of them is in /people. */
	import_lines(store, LEG("r1", "c1", "00", OUT "\"User type\":\"Place\",\"User\":\"Sala Andes\",\"User UUID\":\"aaaaaaaa-0000-4a39-8d0e-000000000001\"")
	    LEG("r2", "c2", "01", OUT "\"User type\":\"VirtualLine\",\"User\":\"L\xC3\xADnea de fraude\",\"User UUID\":\"aaaaaaaa-0000-4a39-8d0e-000000000002\"")
	    LEG("r3", "c3", "02", IN "\"User type\":\"CallCenterPremium\",\"User\":\"Cola Tarjetas\",\"User UUID\":\"aaaaaaaa-0000-4a39-8d0e-000000000003\""));
	world.directory = NULL;
	static const char *const filters[] = { "user.name = \"Sala Andes\"", "user.name = \"L\xC3\xADnea de fraude\"", "user.name = \"Cola Tarjetas\"" };
	for (size_t i = 0; i < COUNT_OF(filters); i++) {
		REQUIRE(query_calls(&store->db, &(struct call_query){ .filter = filters[i], .limit = 5 }, &arena, &calls, &fault));
		CHECK_INT(calls.n, 1);
	}
	arena_clear(&arena);
	directory_free(directory);
	store_close(store);
}

TEST(G5_who_was_deleted_keeps_the_name_of_the_records)
{
	struct store *store = fresh();
	struct directory *directory = directory_new();
	struct arena arena;
	struct call_list calls;
	struct fault fault;
	arena_init(&arena);
	directory_add_site(directory, &(struct site){ .uuid = (char[]){ HQ }, .name = (char[]){ "Colombia" }, .country = "CO" });
	directory_add_person(directory, &(struct person){ .uuid = (char[]){ DANA }, .name = (char[]){ "Dana" } });
	REQUIRE(directory_rows_write(store, directory, &fault));
	directory_free(directory);
	world.directory = NULL;
	import_lines(store, LEG("r1", "c1", "00", OUT "\"User\":\"Dana Example\",\"User UUID\":\"" DANA "\""));
	/* The next list of people has her no more. */
	directory = directory_new();
	directory_add_site(directory, &(struct site){ .uuid = (char[]){ HQ }, .name = (char[]){ "Colombia" }, .country = "CO" });
	directory_add_person(directory, &(struct person){ .uuid = (char[]){ "cccccccc-2f77-4a39-8d0e-6b8f1a2c3d4e" }, .name = (char[]){ "Luis" } });
	REQUIRE(directory_rows_write(store, directory, &fault));
	directory_free(directory);
	CHECK_INT(ask(store, "SELECT count(*) FROM people WHERE uuid = '" DANA "'"), 0);
	REQUIRE(query_calls(&store->db, &(struct call_query){ .filter = "user.id = \"" DANA "\"", .limit = 5 }, &arena, &calls, &fault));
	REQUIRE(calls.n == 1);
	CHECK_STR(calls.items[0].user_name, "Dana Example");
	arena_clear(&arena);
	store_close(store);
}

TEST(G11_a_renamed_site_is_one_site)
{
#define AT_SITE(id, call, name) LEG(id, call, "00", OUT TALKED("60") ",\"Location\":\"" name "\",\"Site UUID\":\"" HQ "\"")
	struct store *store = fresh();
	struct directory *directory = directory_new();
	struct arena arena;
	struct call_list calls;
	struct location_list sites;
	struct fault fault;
	arena_init(&arena);
	import_lines(store, AT_SITE("r1", "c1", "PoC") AT_SITE("r2", "c2", "PoC"));
	/* Control Hub renames it; records from now on say so. */
	directory_add_site(directory, &(struct site){ .uuid = (char[]){ HQ }, .name = (char[]){ "Medell\xC3\xADn" }, .country = "CO" });
	REQUIRE(directory_rows_write(store, directory, &fault));
	import_lines(store, AT_SITE("r3", "c3", "Medell\xC3\xADn"));
	int64_t now = INT64_C(1791300600000); /* 2026-10-06 15:30 UTC */
	REQUIRE(query_locations(&store->db, now, &arena, &sites, &fault));
	REQUIRE(sites.n == 1);
	CHECK_STR(sites.items[0].name, "Medell\xC3\xADn");
	CHECK_INT(sites.items[0].per_hour[LOCATION_HOURS - 1], 3);
	static const struct {
		const char *filter;
		size_t n;
	} rows[] = { { "location = \"Medell\xC3\xADn\"", 3 }, { "location = \"PoC\"", 3 }, { "location != \"PoC\"", 0 },
		{ "location in [\"PoC\", \"Denver\"]", 3 }, { "location = \"Denver\"", 0 } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		REQUIRE(query_calls(&store->db, &(struct call_query){ .filter = rows[i].filter, .limit = 5 }, &arena, &calls, &fault));
		CHECK_INT(calls.n, rows[i].n);
	}
	/* The facts go by the UUID too: its hours and country hold under both names. */
	world.directory = directory;
	CHECK_STR(facts_with(CDR_F_LOCATION, "PoC", cdr_outbound).home, "CO");
	world.directory = NULL;
	/* Two sites that had one name: it belongs to neither. */
	import_lines(store, LEG("r4", "c4", "00", OUT TALKED("60") ",\"Location\":\"PoC\",\"Site UUID\":\"dddddddd-3827-4165-a0b1-c2d3e4f50617\""));
	REQUIRE(query_locations(&store->db, now, &arena, &sites, &fault));
	CHECK_INT(sites.n, 2);
	directory_free(directory);
	arena_clear(&arena);
	store_close(store);
}

TEST(the_folder_is_taken_away_again)
{
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
	numbering_free((struct numbering *)world.numbering);
}

TESTS(T(B5_an_unknown_field_and_an_unknown_value_are_kept), T(B6_what_a_service_took_and_what_succeeded_is_not_answered),
    T(B7_calls_minutes_and_cost_are_counted_once), T(B8_a_blind_transfer_is_joined_by_the_interaction),
    T(records_without_a_correlation_meet_by_their_network_call_id),
    T(B9_the_sites_zone_stands_in_for_a_missing_or_wrong_offset),
    T(B10_numbers_are_understood_in_every_form_and_kept_as_they_came),
    T(B11_international_is_what_type_country_or_number_say), T(B11_a_forwarded_leg_names_who_forwards),
    T(B12_public_addresses_are_required_nowhere), T(B13_whatever_a_caller_writes_reaches_no_screen_as_it_is),
    T(B15_misspelt_values_are_what_they_mean),
    T(A4_a_report_twice_in_one_answer_is_one_leg_and_the_later_one_counts),
    T(G4_whoever_is_not_in_people_is_named_by_the_record),
    T(G5_who_was_deleted_keeps_the_name_of_the_records), T(G11_a_renamed_site_is_one_site), T(the_folder_is_taken_away_again))
