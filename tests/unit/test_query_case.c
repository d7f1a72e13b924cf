/* SPDX-License-Identifier: Apache-2.0
 *
 * The story of a case, from records made by hand: every sum is worked out on
 * paper. */
#include "profile_rig.h"

#include "store/alert_rows.h"
#include "store/query_case.h"

struct made {
	const char *start, *number;
	int seconds;
	const char *mac, *redirect; /* NULL: none */
};

/* A call out of Ana's. */
static void record(struct made m)
{
	char end[ISO_TIME_BYTES];
	int64_t start_ms;
	REQUIRE(iso_time_parse(m.start, strlen(m.start), &start_ms));
	n_records++;
	text_printf(&records,
	    "{\"Start time\":\"%s\",\"Answer time\":\"%s\",\"Release time\":\"%s\",\"Report ID\":\"2b7e1516-28ae-32a6-ab7f-%012d\",\"Report time\":\"%s\","
	    "\"Correlation ID\":\"6a0c2d3e-4f51-4b62-8c73-%012d\",\"Direction\":\"ORIGINATING\",\"Call type\":\"SIP_INTERNATIONAL\","
	    "\"Answered\":\"true\",\"Duration\":%d,\"User type\":\"User\",\"User\":\"Ana Bernal\",\"User UUID\":\"" ANA "\","
	    "\"User number\":\"4021\",\"Calling number\":\"4021\",\"Called number\":\"%s\",\"Location\":\"Colombia\","
	    "\"Site UUID\":\"" BOGOTA "\",\"Site timezone\":\"-300\",\"Device MAC\":\"%s\",\"Related reason\":\"%s\",\"Redirect reason\":\"%s\"}\n",
	    m.start, m.start, iso_time_format(start_ms + m.seconds * SECOND_MS, end), n_records, m.start, n_records, m.seconds, m.number,
	    m.mac != NULL ? m.mac : "", m.redirect != NULL ? m.redirect : "", m.redirect != NULL ? m.redirect : "");
}

/* An alert about Ana that rests on the n records from the k-th on (0 the oldest). */
static int64_t raise_on(struct store *store, int64_t fingerprint, enum severity severity, int64_t k, int64_t n, int64_t raised_ms)
{
	struct page *page = page_new();
	struct evidence evidence[16];
	struct fault fault;
	int64_t id;
	for (int64_t i = 0; i < n; i++) {
		struct statement *st = db_statement(&store->db, "SELECT id FROM legs ORDER BY id LIMIT 1 OFFSET $1", &fault);
		REQUIRE(st != NULL);
		db_bind(&store->db, st, "i", k + i);
		REQUIRE(db_step(&store->db, st, &fault) == STEP_ROW);
		evidence[i] = (struct evidence){ .leg_id = db_int(&store->db, st, 0) };
		store->db.engine->reset(st);
	}
	page->now_ms = raised_ms + 30 * SECOND_MS;
	page->findings.items = arena_zalloc(&page->arena, sizeof *page->findings.items);
	page->findings.n = 1;
	page->findings.items[0] = (struct finding){ .rule = "r", .title_en = "T", .title_es = "T", .severity = severity, .score = 50,
		.subject_kind = SUBJECT_PERSON, .subject_id = ANA, .subject_name = "Ana Bernal", .location = "Colombia", .fingerprint = (uint64_t)fingerprint,
		.first_ms = evidence[0].leg_id >> 20, .last_ms = evidence[n - 1].leg_id >> 20, .raised_ms = raised_ms, .evidence = evidence, .n_evidence = (size_t)n };
	REQUIRE(store_commit_page(store, page, NULL, &fault));
	page_free(page);
	REQUIRE(db_ask_int(&store->db, "SELECT max(id) FROM alerts", 0, &id, &fault));
	return id;
}

static void act(struct store *store, int64_t id, enum triage_act what, const char *note, int64_t now_ms)
{
	struct triage_order order = { .act = what, .who = "ana", .note = note, .now_ms = now_ms, .resolution = RESOLUTION_TRUE_IMPACT };
	struct triage_result result;
	struct fault fault;
	struct arena own;
	arena_init(&own);
	REQUIRE(store_triage(store, &id, 1, &order, &own, NULL, &result, &fault));
	CHECK_INT(result.n_done, 1);
	arena_clear(&own);
}

static struct case_story story_of(struct store *store, int64_t id)
{
	struct case_story story;
	struct fault fault;
	arena_clear(&arena);
	arena_init(&arena);
	if (!query_case(&store->db, CASE_OF_ALERT, id, &arena, &story, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return story;
}

/* A week of national calls with one device; then four to Latvia and one to Cuba
 * with another, the third of which is a forward. */
static struct store *attacked(void)
{
	struct store *store = fresh();
	for (int day = 20; day <= 30; day++) {
		char start[ISO_TIME_BYTES];
		record((struct made){ iso_time_format(civil_to_ms(2026, 10, day, 15, 0, 0, 0), start), "+576015550199", 60, "A1B2C3D4E5F6", NULL });
	}
	record((struct made){ "2026-11-04T08:00:00.000Z", "+37125550123", 300, "0A0B0C0D0E0F", NULL });
	record((struct made){ "2026-11-04T08:06:00.000Z", "+37125550123", 300, "0A0B0C0D0E0F", NULL });
	record((struct made){ "2026-11-04T08:12:00.000Z", "+37125550124", 60, NULL, "Unconditional" });
	record((struct made){ "2026-11-04T08:20:00.000Z", "+37125550124", 60, NULL, "Unconditional" });
	record((struct made){ "2026-11-04T08:30:00.000Z", "+5352550100", 120, NULL, NULL });
	import_all(store, true);
	return store;
}

TEST(a_case_is_summed_over_all_its_evidence_once)
{
	struct store *store = attacked();
	int64_t first = raise_on(store, 1, SEVERITY_MEDIUM, 11, 2, civil_to_ms(2026, 11, 4, 8, 12, 0, 0));
	/* A record that both rest on is one. */
	int64_t second = raise_on(store, 2, SEVERITY_HIGH, 12, 4, civil_to_ms(2026, 11, 4, 8, 33, 0, 0));
	struct case_story story = story_of(store, second);
	CHECK_INT(story.id, first);
	CHECK_INT(story.n_alerts, 2);
	CHECK_INT(story.n_open, 2);
	CHECK_INT(story.worst, SEVERITY_HIGH);
	CHECK_INT(story.alerts[0].id, first);
	REQUIRE(story.n_members == 2);
	CHECK(story.members[0].id == first && story.members[0].open);
	CHECK(story.members[1].id == second && story.members[1].open);
	CHECK_INT(story.n_records, 5);
	CHECK_INT(story.n_calls, 5);
	CHECK_INT(story.n_people, 1);
	CHECK_INT(story.n_numbers, 3);
	CHECK_INT(story.n_countries, 2);
	CHECK_INT(story.talk_s, 300 + 300 + 60 + 60 + 120);
	CHECK(story.cost_micro > 0);
	CHECK_INT(story.first_ms, civil_to_ms(2026, 11, 4, 8, 0, 0, 0));
	CHECK_INT(story.last_ms, civil_to_ms(2026, 11, 4, 8, 32, 0, 0));
	CHECK_INT(story.detect_ms, 12 * MINUTE_MS);
	CHECK_INT(story.acknowledge_ms, -1);
	REQUIRE(story.n_countries_listed == 2);
	int64_t cost = 0;
	for (size_t i = 0; i < story.n_countries_listed; i++)
		cost += story.countries[i].cost_micro;
	CHECK_INT(cost, story.cost_micro);
	store_close(store);
}

/* What it was, in one line: a letter each. */
static const char *letters(const struct case_story *story)
{
	static char out[64];
	size_t n = 0;
	for (size_t i = 0; i < story->n_items && n + 1 < sizeof out; i++)
		out[n++] = "cRa+FdA"[story->items[i].kind];
	out[n] = '\0';
	return out;
}

static void set_score(struct store *store, int64_t id, int64_t score)
{
	struct fault fault;
	struct statement *st = db_statement(&store->db, "UPDATE alerts SET score = $2 WHERE id = $1", &fault);
	REQUIRE(st != NULL);
	db_bind(&store->db, st, "ii", id, score);
	REQUIRE(db_run(&store->db, st, &fault));
}

/* The alert that the queue's only row shows, where it has one for each case. */
static int64_t in_queue(struct store *store)
{
	struct alert_list list;
	struct fault fault;
	struct arena own;
	arena_init(&own);
	struct alert_query query = { .filter = "", .closed_too = true, .limit = 10, .grouping = GROUP_CASE };
	REQUIRE(query_alerts(&store->db, &query, "ana", &own, &list, &fault));
	int64_t id = list.n == 1 ? list.items[0].id : 0;
	arena_clear(&own);
	return id;
}

TEST(a_case_has_the_name_of_its_worst_alert)
{
	struct store *store = attacked();
	int64_t at_ms = civil_to_ms(2026, 11, 4, 8, 33, 0, 0);
	int64_t first = raise_on(store, 1, SEVERITY_MEDIUM, 11, 2, at_ms);
	CHECK_INT(story_of(store, first).lead->id, first);
	int64_t high = raise_on(store, 2, SEVERITY_HIGH, 11, 2, at_ms), newer = raise_on(store, 3, SEVERITY_HIGH, 11, 2, at_ms + 1000);
	CHECK_INT(story_of(store, first).lead->id, newer); /* of equals the newest, as in the queue */
	set_score(store, high, 99); /* scores do not count, there nor here */
	CHECK_INT(in_queue(store), newer);
	struct case_story story = story_of(store, newer);
	CHECK_INT(story.id, first);
	CHECK_INT(story.lead->id, newer);
	CHECK_INT(story.worst, SEVERITY_HIGH);
	CHECK_STR(story.lead->subject_name, "Ana Bernal");
	/* Also where it is not among those that are listed. */
	for (int64_t i = 4; i < CASE_ALERTS_MAX + 4; i++)
		(void)raise_on(store, i, i == CASE_ALERTS_MAX + 3 ? SEVERITY_CRITICAL : SEVERITY_LOW, 11, 2, at_ms + i * 1000);
	story = story_of(store, first);
	CHECK_INT(story.n_alerts, CASE_ALERTS_MAX);
	CHECK_INT(story.worst, SEVERITY_CRITICAL);
	CHECK_INT(story.lead->severity, SEVERITY_CRITICAL);
	/* What waits comes before what sleeps, and that before what is closed. */
	int64_t worst = story.lead->id;
	CHECK_INT(in_queue(store), worst);
	act(store, worst, TRIAGE_CLOSE, "", at_ms + HOUR_MS);
	CHECK_INT(story_of(store, first).lead->id, newer);
	CHECK_INT(story_of(store, first).worst, SEVERITY_HIGH);
	CHECK_INT(in_queue(store), newer);
	store_close(store);
}

TEST(a_timeline_has_calls_changes_and_acts_in_order)
{
	struct store *store = attacked();
	int64_t id = raise_on(store, 1, SEVERITY_MEDIUM, 11, 5, civil_to_ms(2026, 11, 4, 8, 33, 0, 0));
	act(store, id, TRIAGE_ACKNOWLEDGE, "", civil_to_ms(2026, 11, 4, 8, 40, 0, 0));
	act(store, id, TRIAGE_NOTE, "she is on leave", civil_to_ms(2026, 11, 4, 8, 45, 0, 0));
	act(store, id, TRIAGE_CLOSE, "", civil_to_ms(2026, 11, 4, 9, 0, 0, 0));
	struct case_story story = story_of(store, id);
	/* The device and the countries are new with their first call, and stand behind it. */
	CHECK_STR(letters(&story), "c++ccFcc+Raaa");
	for (size_t i = 1; i < story.n_items; i++)
		CHECK(story.items[i - 1].at_ms <= story.items[i].at_ms);
	const struct case_item *forward = &story.items[5];
	CHECK_STR(forward->call->far_number, "+37125550124");
	CHECK_STR(forward->who, "Ana Bernal");
	CHECK_INT(forward->at_ms, civil_to_ms(2026, 11, 4, 8, 12, 0, 0));
	CHECK_INT(story.items[9].at_ms, civil_to_ms(2026, 11, 4, 8, 33, 0, 0)); /* raised by its record's time */
	CHECK_STR(story.items[10].event->act, "ack");
	CHECK_STR(story.items[11].event->note, "she is on leave");
	CHECK_INT(story.n_open, 0);
	CHECK(story.n_members == 1 && !story.members[0].open);
	CHECK_INT(story.acknowledge_ms, 7 * MINUTE_MS);
	store_close(store);
}

static void told(struct store *store, char *extension, char *site, bool luis_too)
{
	struct directory *directory = directory_new();
	struct fault fault;
	add_two_sites(directory);
	add_person(directory, (char[]){ ANA }, (char[]){ "Ana Bernal" }, site, extension);
	if (luis_too)
		add_person(directory, (char[]){ LUIS }, (char[]){ "Luis Duarte" }, (char[]){ BOGOTA }, (char[]){ "4022" });
	REQUIRE(directory_rows_write(store, directory, &fault));
	directory_free(directory);
}

static int64_t count(struct store *store, const char *sql)
{
	struct fault fault;
	int64_t n;
	REQUIRE(db_ask_int(&store->db, sql, 0, &n, &fault));
	return n;
}

TEST(what_the_directory_told_anew_is_of_the_story)
{
	struct store *store = attacked();
	struct fault fault;
	told(store, (char[]){ "4021" }, (char[]){ BOGOTA }, true);
	CHECK_INT(count(store, "SELECT count(*) FROM directory_changes"), 0); /* the first one is no change */
	told(store, (char[]){ "4021" }, (char[]){ BOGOTA }, true);
	CHECK_INT(count(store, "SELECT count(*) FROM directory_changes"), 0);
	told(store, (char[]){ "4099\x1b[31m" }, (char[]){ DENVER }, false);
	told(store, (char[]){ "4099\x1b[31m" }, (char[]){ DENVER }, false); /* what cannot be printed is no other each time */
	CHECK_INT(count(store, "SELECT count(*) FROM directory_changes"), 3);
	CHECK_INT(count(store, "SELECT count(*) FROM directory_changes WHERE what = 'removed' AND name = 'Luis Duarte'"), 1);
	CHECK_INT(count(store, "SELECT count(*) FROM directory_changes WHERE what = 'site' AND was = 'Colombia' AND became = 'Denver'"), 1);
	REQUIRE(db_exec(&store->db, "UPDATE directory_changes SET at_ms = 1793779200000", &fault)); /* 2026-11-04T08:00Z */
	int64_t id = raise_on(store, 1, SEVERITY_MEDIUM, 11, 5, civil_to_ms(2026, 11, 4, 8, 33, 0, 0));
	struct case_story story = story_of(store, id);
	size_t n = 0;
	for (size_t i = 0; i < story.n_items; i++) {
		if (story.items[i].kind != CASE_DIRECTORY)
			continue;
		n++;
		CHECK(strcmp(story.items[i].directory->what, "site") == 0 || strcmp(story.items[i].directory->what, "extension") == 0);
		CHECK(strchr(story.items[i].directory->became, '\x1b') == NULL);
	}
	CHECK_INT((int64_t)n, 2); /* hers, not his */
	/* People who cannot be read for want of a scope are not gone. */
	struct directory *sites_only = directory_new();
	add_two_sites(sites_only);
	REQUIRE(directory_rows_write(store, sites_only, &fault));
	directory_free(sites_only);
	CHECK_INT(count(store, "SELECT count(*) FROM directory_changes"), 3);
	store_close(store);
}

/* An event of Control Hub, of Ana or her site. */
static struct admin_event told_event(const char *id, int64_t at_ms, const char *actor, const char *target)
{
	return (struct admin_event){ at_ms, id, "WEBEX_CALLING", "User call settings changed", "", "UPDATE", "SUCCESS", "", actor, "Sam Admin", "sam@example.com",
		"203.0.113.77", "curl", target, "USER", "Ana Bernal", "Call forwarding always", "off", "+37125550124" };
}

TEST(who_changed_a_forwarding_is_of_the_story)
{
	struct store *store = attacked();
	struct fault fault;
	size_t n_new, n = 0;
	int64_t first = civil_to_ms(2026, 11, 4, 8, 0, 0, 0);
	told(store, (char[]){ "4021" }, (char[]){ BOGOTA }, true);
	told(store, (char[]){ "4099" }, (char[]){ BOGOTA }, true);
	REQUIRE(db_exec(&store->db, "UPDATE directory_changes SET at_ms = 1793779200000", &fault)); /* 2026-11-04T08:00Z */
	struct admin_event moved = told_event("e2", first - 2 * HOUR_MS, LUIS, ANA);
	moved.setting = "extension";
	moved.became = "4099";
	/* Done to her by him: of both, and once. Of her site; and long before it all. */
	struct admin_event events[] = { told_event("e1", first - HOUR_MS, LUIS, ANA), moved, told_event("e3", first - 3 * HOUR_MS, LUIS, BOGOTA),
		told_event("e4", first - 20 * DAY_MS, LUIS, ANA), told_event("e5", first, LUIS, DAN) };
	REQUIRE(admin_rows_write(store, events, COUNT_OF(events), first, &n_new, &fault));
	int64_t id = raise_on(store, 1, SEVERITY_MEDIUM, 11, 5, civil_to_ms(2026, 11, 4, 8, 33, 0, 0));
	struct case_story story = story_of(store, id);
	for (size_t i = 0; i < story.n_items; i++) {
		const struct case_item *item = &story.items[i];
		if (item->kind == CASE_DIRECTORY) {
			REQUIRE(item->admin != NULL); /* the reading found what he had done */
			CHECK_STR(item->admin->id, "e2");
		}
		n += item->kind == CASE_ADMIN;
	}
	CHECK_INT((int64_t)n, 3);
	CHECK_STR(story.items[0].admin->id, "e3");
	CHECK_STR(story.items[1].admin->id, "e2");
	CHECK_STR(story.items[2].admin->id, "e1");
	CHECK_STR(story.items[2].admin->became, "+37125550124");
	/* And of her profile, and of the site's. */
	CHECK_INT(profile_of(store, SUBJECT_PERSON, ANA).n_admin, 3);
	CHECK_INT(profile_of(store, SUBJECT_SITE, BOGOTA).n_admin, 1);
	CHECK_INT(profile_of(store, SUBJECT_PERSON, LUIS).n_admin, 5); /* by him */
	CHECK_INT(profile_of(store, SUBJECT_NUMBER, "+37125550123").n_admin, 0);
	store_close(store);
}

/* Each text longer than its column, the last letters of them as told. */
static void told_at_length(struct store *store, char last)
{
	struct directory *directory = directory_new();
	struct fault fault;
	char texts[7][320];
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		memset(texts[i], 'x', sizeof texts[i]);
		texts[i][sizeof texts[i] - 2] = last;
		texts[i][sizeof texts[i] - 1] = '\0';
	}
	struct person person = { .uuid = (char[]){ ANA }, .name = texts[0], .email = texts[1], .site_uuid = (char[]){ BOGOTA },
		.extension = texts[2], .number = texts[3], .team = texts[4] };
	struct site site = { .uuid = (char[]){ BOGOTA }, .name = texts[5], .country = "CO", .zone_name = texts[6], .routing_prefix = (char[]){ "" }, .main_number = texts[3] };
	directory_add_site(directory, &site);
	directory_add_person(directory, &person);
	REQUIRE(directory_rows_write(store, directory, &fault));
	directory_free(directory);
}

TEST(what_is_cut_when_it_is_stored_is_no_change_at_every_reading)
{
	struct store *store = fresh();
	struct fault fault;
	told_at_length(store, 'a');
	told_at_length(store, 'a');
	told_at_length(store, 'b'); /* behind every column's end */
	CHECK_INT(count(store, "SELECT count(*) FROM directory_changes"), 0);
	REQUIRE(db_exec(&store->db, "UPDATE people SET team = 'Fraud'", &fault));
	told_at_length(store, 'b');
	CHECK_INT(count(store, "SELECT count(*) FROM directory_changes WHERE what = 'team' AND was = 'Fraud'"), 1);
	CHECK_INT(count(store, "SELECT count(*) FROM directory_changes"), 1);
	store_close(store);
}

/* Its first alert went into another: the number is still that of the others. */
TEST(a_number_is_of_a_case_or_of_an_alert)
{
	struct store *store = attacked();
	struct fault fault;
	struct case_story story;
	int64_t first = raise_on(store, 1, SEVERITY_MEDIUM, 11, 2, civil_to_ms(2026, 11, 4, 8, 12, 0, 0));
	int64_t second = raise_on(store, 2, SEVERITY_HIGH, 12, 4, civil_to_ms(2026, 11, 4, 8, 33, 0, 0));
	int64_t third = raise_on(store, 3, SEVERITY_LOW, 12, 4, civil_to_ms(2026, 11, 4, 8, 33, 0, 0));
	REQUIRE(db_exec(&store->db, "UPDATE alerts SET case_id = 3 WHERE id IN (1, 3)", &fault));
	CHECK(first == 1 && second == 2 && third == 3);
	static const struct {
		enum case_named named;
		int64_t id, is, first_is_in;
	} rows[] = { { CASE_NUMBERED, 1, 1, 3 }, { CASE_OF_ALERT, 1, 3, 0 }, { CASE_OF_ALERT, 2, 1, 3 }, { CASE_NUMBERED, 2, 1, 3 }, { CASE_NUMBERED, 3, 3, 0 } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		REQUIRE(query_case(&store->db, rows[i].named, rows[i].id, &arena, &story, &fault));
		CHECK_INT(story.id, rows[i].is);
		CHECK_INT(story.first_is_in, rows[i].first_is_in);
		CHECK_INT(story.n_alerts_all, rows[i].is == 1 ? 1 : 2);
	}
	/* When nobody is left in it, its number is that of its alert alone. */
	REQUIRE(db_exec(&store->db, "UPDATE alerts SET case_id = 3", &fault));
	REQUIRE(query_case(&store->db, CASE_NUMBERED, 1, &arena, &story, &fault));
	CHECK_INT(story.id, 3);
	store_close(store);
}

TEST(what_is_no_case_is_said)
{
	struct store *store = fresh();
	struct case_story story;
	struct fault fault = { 0 };
	arena_clear(&arena);
	arena_init(&arena);
	CHECK(!query_case(&store->db, CASE_OF_ALERT, 7, &arena, &story, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	CHECK(!query_case(&store->db, CASE_NUMBERED, -1, &arena, &story, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	store_close(store);
}

TEST(a_case_outlives_its_records)
{
	struct store *store = attacked();
	struct fault fault;
	int64_t id = raise_on(store, 1, SEVERITY_LOW, 11, 2, civil_to_ms(2026, 11, 4, 8, 12, 0, 0));
	REQUIRE(db_exec(&store->db, "DELETE FROM legs", &fault));
	REQUIRE(db_exec(&store->db, "DELETE FROM calls", &fault));
	struct case_story story = story_of(store, id);
	CHECK_INT(story.n_calls, 0);
	CHECK_INT(story.n_alerts, 1);
	CHECK_INT(story.first_ms, civil_to_ms(2026, 11, 4, 8, 0, 0, 0)); /* the alert remembers */
	CHECK_STR(letters(&story), "R");
	store_close(store);
}

TEST(a_new_file_is_its_owners_and_an_old_one_stays)
{
	char path[96];
	struct fault fault = { 0 };
	char *bytes;
	size_t n;
	snprintf(path, sizeof path, "%s/new.md", folder);
	REQUIRE(file_write_new(path, "one", 3, &fault));
	CHECK(!file_write_new(path, "two!", 4, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	REQUIRE(file_read_secret(path, 100, &bytes, &n, &fault)); /* nobody else may read it */
	CHECK_STR(bytes, "one");
	free(bytes);
	CHECK(!file_write_new("/nonexistent/x.md", "x", 1, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	CHECK(!file_write_new(folder, "x", 1, &fault)); /* a folder has that name */
}

TEST(the_folder_is_taken_away_again)
{
	take_folder_away();
}

TESTS(T(a_case_has_the_name_of_its_worst_alert), T(a_case_is_summed_over_all_its_evidence_once), T(a_timeline_has_calls_changes_and_acts_in_order), T(what_the_directory_told_anew_is_of_the_story), T(a_number_is_of_a_case_or_of_an_alert),
    T(who_changed_a_forwarding_is_of_the_story), T(what_is_cut_when_it_is_stored_is_no_change_at_every_reading), T(what_is_no_case_is_said),
    T(a_case_outlives_its_records), T(a_new_file_is_its_owners_and_an_old_one_stays), T(the_folder_is_taken_away_again))
