/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "alerts/alert.h"
#include "base/fold.h"
#include "base/mem.h"
#include "calls/call.h"
#include "calls/live_calls.h"
#include "filter/filter.h"
#include "filter/silence_scope.h"
#include "filter/token.h"

#define NOW INT64_C(1790000000000)

static struct fault fault;
static size_t offset;
static struct filter_reading reading;

static const char *night(void *arg, const char *name)
{
	UNUSED(arg);
	return strcmp(name, "night") == 0 ? "answered and duration > 20m" : strcmp(name, "twice") == 0 ? "not @night" :
	    strcmp(name, "loop") == 0	  ? "@loop or @loop" : strcmp(name, "broken") == 0 ? "cost >" : NULL;
}
static const struct filter_names names = { night, NULL };

static bool reads(enum filter_of of, const char *source, size_t n, struct filter *filter)
{
	fault = (struct fault){ 0 };
	offset = SIZE_MAX;
	return filter_parse(of, source, n, NOW, &names, filter, &reading, &fault, &offset);
}

static bool passes(const struct call *call, const char *source)
{
	struct filter filter;
	if (!reads(FILTER_CALLS, source, strlen(source), &filter)) {
		printf("%s: %s\n", source, fault.text);
		test_failures++;
		return false;
	}
	bool ok = filter_passes(&filter, filter_read_call, call, NOW);
	filter_clear(&filter);
	return ok;
}

TEST(what_passes_and_what_does_not)
{
	const struct call call = { .talk_s = 1500, .ring_s = 4, .start_ms = NOW - 3 * HOUR_MS, .end_ms = NOW - 2 * HOUR_MS,
		.direction = CALL_OUTBOUND, .flags = CALL_ANSWERED | CALL_LOOK_ALIKE, .n_legs = 2, .class = NUMBER_MOBILE,
		.tier = TIER_HIGH, .country = "CU", .cost_micro = 12345678, .user_name = "Ana Bernal", .location = "Medellín",
		.far_number = "+5351234567", .far_name = "", .user_uuid = "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e" };
	static const char *const yes[] = { "", "  ", "answered", "not forwarded", "forwarded = false", "answered look_alike",
		"dst.country in [CU, LV]", "dst.country = cu", "DST.COUNTRY == cu", "dst.country not in [CO, US]", "duration > 20m",
		"duration >= 25m and duration <= 25m", "duration = 1500", "duration in 20m..30m", "duration in [1..2, 20m..]", "duration = ..25m",
		"legs in [1, 2, 3]", "dst.tier >= high", "dst.tier in medium..extreme", "dst.class != satellite", "cost > 12.34", "cost > 12,34", "cost = 12,345678", "cost >= 12,3 USD and answered", "costo > 12,34", "cost in 12..13", "cost > 5 USD", "cost in 12..13 usd and answered", "cost in [1 USD, 12..13 dollars]", "cost > 5 US$",
		"cost = 12.345678", "start > -4h and start < -2h", "start in -4h..-2h", "start > 2026-01-01", "user.name ~ bern",
		"user.name = ana*", "user.name = \"ANA BERNAL\"", "bernal", "medellin", "5351 ana", "location = MEDELLIN", "trunk = \"\"",
		"trunk != x", "not (forwarded or queued) and (dst.country = CU or dst.country = LV)",
		"forwarded or answered and not queued", "not not answered", "\"ana bernal\" and ('+5351' or nobody)", "@night", "not @twice", "number=+5351234567",
		"user.id = 5B1F0C6A-2F77-4A39-8D0E-6B8F1A2C3D4E" };
	static const char *const no[] = { "forwarded", "not answered", "answered = false", "dst.country in [CO, US]", "duration < 25m",
		"duration > 25m", "duration != 1500", "duration in [1..2, 26m..]", "legs = ..1", "dst.tier = extreme", "cost < 12.345678", "cost < 12,345678", "cost in [1,5]", "cost > 50 USD", "cost < 5 USD and answered", "start > -2h",
		"user.name = ana", "user.name = bernal", "zoe", "ana zoe", "answered and (queued or forwarded)", "(forwarded or answered) and queued",
		"trunk = x", "far.name != \"\"", "@twice" };
	for (size_t i = 0; i < COUNT_OF(yes); i++)
		if (!passes(&call, yes[i])) {
			CHECK(!"it passes");
			printf("  %s\n", yes[i]);
		}
	for (size_t i = 0; i < COUNT_OF(no); i++)
		if (passes(&call, no[i])) {
			CHECK(!"it does not pass");
			printf("  %s\n", no[i]);
		}
}

TEST(fields_and_values_have_their_spanish_names_too)
{
	const struct call call = { .talk_s = 1500, .start_ms = NOW, .direction = CALL_OUTBOUND, .flags = CALL_ANSWERED, .class = NUMBER_SATELLITE,
		.tier = TIER_HIGH, .country = "CU", .location = "Medell\xC3\xADn", .user_name = "El riesgo" };
	static const char *const yes[] = { "dst.class = sat\xC3\xA9lite", "dst.class = SATELITE", "clase = satelite", "riesgo >= alto", "dst.tier = alta",
		"riesgo in medio..extremo", "direction = saliente", "pa\xC3\xADs = cu", "sede = medellin", "sede not in [Bogota, Denver]", "sede in [medellin]",
		"answered = s\xC3\xAD", "duraci\xC3\xB3n > 20m", "riesgo" /* a word alone is looked for */, "not riesgo = bajo" };
	for (size_t i = 0; i < COUNT_OF(yes); i++)
		if (!passes(&call, yes[i])) {
			CHECK(!"it passes");
			printf("  %s\n", yes[i]);
		}
	CHECK(!passes(&call, "answered = no"));
	CHECK(!passes(&call, "clase = premium"));
	static const struct {
		const char *source;
		int64_t low;
	} rows[] = { { "severity = critica", SEVERITY_CRITICAL }, { "severidad = cr\xC3\xADtico", SEVERITY_CRITICAL }, { "severity = \"Cr\xC3\xADtica\"", SEVERITY_CRITICAL },
		{ "state = nueva", ALERT_NEW }, { "estado = en_curso", ALERT_IN_PROGRESS }, { "estado = \"en curso\"", ALERT_IN_PROGRESS },
		{ "state = \"in progress\"", ALERT_IN_PROGRESS }, { "estado = cerrado", ALERT_CLOSED }, { "resolution = falso_positivo", RESOLUTION_FALSE_POSITIVE },
		{ "resoluci\xC3\xB3n = \"falso positivo\"", RESOLUTION_FALSE_POSITIVE }, { "resolution = verdadero_positivo_con_impacto", RESOLUTION_TRUE_IMPACT },
		{ "resolution = \"\"", RESOLUTION_NONE } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct filter filter;
		REQUIRE(reads(FILTER_ALERTS, rows[i].source, strlen(rows[i].source), &filter));
		CHECK_INT(filter.nodes[filter.root].low, rows[i].low);
		filter_clear(&filter);
	}
	static const char *const bad[] = { "severity = cr", "severity = critico_a", "estado = alta", "clase = sede", "severidad", "severidad = " };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct filter filter;
		bool ok = reads(FILTER_ALERTS, bad[i], strlen(bad[i]), &filter);
		CHECK(i == 4 ? ok : !ok); /* a word alone is looked for */
		if (ok)
			filter_clear(&filter);
	}
}

TEST(a_day_is_all_of_it_to_equals_and_its_begin_to_less)
{
	/* 2026-09-21 14:13:20 */
	const struct call call = { .start_ms = NOW, .end_ms = NOW };
	CHECK(passes(&call, "start = 2026-09-21"));
	CHECK(passes(&call, "start in 2026-09-20..2026-09-21"));
	CHECK(!passes(&call, "start != 2026-09-21"));
	CHECK(passes(&call, "start > 2026-09-21"));
	CHECK(!passes(&call, "start <= 2026-09-21"));
	CHECK(!passes(&call, "start in 2026-09-22.."));
	CHECK(passes(&call, "start > 2026-09-21T14:13 and start < \"2026-09-21 14:14\""));
}

TEST(live_calls_grow_older_under_a_filter)
{
	const struct live_call call = { .person_name = "José Muñoz", .location = "Bogotá", .remote_number = "4021", .remote_name = "X",
		.remote = { .e164 = "+88216", .country = "", .tier = TIER_EXTREME, .rate_micro_usd = 2000000 }, .state = LIVE_CONNECTED,
		.originator = true, .created_ms = NOW - MINUTE_MS, .answered_ms = NOW - 30 * SECOND_MS };
	static const char *const yes[] = { "duration < 1m", "state = connected", "jose", "+88216", "cost = 2", "direction = outbound",
		"answered and start > -5m", "dst.tier = extreme", "location = bogota" };
	for (size_t i = 0; i < COUNT_OF(yes); i++) {
		struct filter filter;
		CHECK(reads(FILTER_LIVE, yes[i], strlen(yes[i]), &filter));
		CHECK(filter_passes(&filter, filter_read_live, &call, NOW));
		if (i == 0)
			CHECK(!filter_passes(&filter, filter_read_live, &call, NOW + MINUTE_MS));
		filter_clear(&filter);
	}
}

TEST(what_is_wrong_is_said_at_its_place)
{
	static const struct {
		const char *source;
		size_t at;
		const char *sentence;
	} rows[] = {
		{ "nosuch = 1", 0, "there is no field nosuch" },
		{ "answered and contry = CU", 13, "there is no field contry; is it dst.country?" },
		{ "durration > 1", 0, "there is no field durration; is it duration?" },
		{ "duration >", 10, "a value is missing" },
		{ "duration > 5 m", 13, "a unit stands next to its number: 5m" },
		{ "duration > 20 Minutes and ana", 14, "a unit stands next to its number: 20m" },
		{ "answered duration = 5..10 h", 26, "a unit stands next to its number: 5..10h" },
		{ "duration > x", 11, "x is not a duration (90, 20m, 1h)" },
		{ "duration ~ 1", 11, "~ is for text" },
		{ "duration", 8, "an operator is missing: = != < <= > >= ~ in" },
		{ "legs = 1.5", 7, "1.5 is not a whole number" },
		{ "legs in 3..1", 8, "3..1 ends before it begins" },
		{ "legs > 1..3", 7, "a range is compared with =, != and in only" },
		{ "legs = ..", 7, "a range has one end at least: 10..20, 10.. or ..20" },
		{ "cost > 1.234,50", 7, "1.234,50 is not an amount" },
		{ "cost > 12,50,1", 12, ", is not understood here" },
		{ "cost > 12, 50", 9, ", is not understood here" },
		{ "cost > 12,", 9, ", is not understood here" },
		{ "cost = 12,3456789", 7, "12,3456789 is not an amount" },
		{ "legs > 1,5", 8, ", is not understood here" },
		{ "cost = 1e9", 7, "1e9 is not an amount" },
		{ "cost > 5 COP", 9, "amounts are in US dollars, not in COP" },
		{ "answered and cost in [1, 2 pesos]", 27, "amounts are in US dollars, not in pesos" },
		{ "cost > 5USD", 7, "5USD is not an amount" },
		{ "cost = 0x10", 7, "0x10 is not an amount" },
		{ "cost = nan", 7, "nan is not an amount" },
		{ "start > tomorrow", 8, "tomorrow is not a time (2026-10-05, 2026-10-05T09:00, -2h)" },
		{ "start > 2026-02-31", 8, "2026-02-31 is not a time (2026-10-05, 2026-10-05T09:00, -2h)" },
		{ "dst.tier = hihg", 11, "hihg is none of none, low, medium, high, extreme" },
		{ "answered = maybe", 11, "maybe is neither true nor false" },
		{ "answered > true", 11, "true and false are compared with = and != only" },
		{ "user.name > a", 12, "text is compared with =, != and ~ (contains) only" },
		{ "user.name ! a", 10, "! is no operator; use = != < <= > >= ~ in" },
		{ "dst.country in CU", 15, "after \"in\" comes a list: [CU, LV]" },
		{ "legs in 1", 8, "after \"in\" comes a list [1, 2] or a range 10..20" },
		{ "dst.country in [CU", 18, "a comma or ] is missing" },
		{ "dst.country in [CU,]", 19, "a value is missing" },
		{ "dst.country in []", 16, "a value is missing" },
		{ "(answered", 9, "a ) is missing" },
		{ "answered)", 8, ") is not understood here" },
		{ "answered and", 12, "the filter ends too early" },
		{ "or answered", 0, "or is not understood here" },
		{ "answered # x", 9, "# is not understood here" },
		{ "user.name = \"Ana", 12, "the text in quotes does not end" },
		{ "\"Ana\\", 0, "the text in quotes does not end" },
		{ "@nosuch", 0, "there is no saved filter @nosuch" },
		{ "answered and @broken", 13, "@broken: a value is missing" },
		{ "answered or @loop", 12, "@loop: nested too deeply" },
		{ "legs = 99999999999999999999", 7, "99999999999999999999 is not a whole number" },
		{ "duration = 99999999999h", 11, "99999999999h is not a duration (90, 20m, 1h)" },
		{ "cost < 99999999999999999999.5", 7, "99999999999999999999.5 is not an amount" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct filter filter;
		CHECK(!reads(FILTER_CALLS, rows[i].source, strlen(rows[i].source), &filter));
		CHECK_STR(fault.text, rows[i].sentence);
		CHECK_INT(offset, rows[i].at);
		CHECK_INT(fault.code, FAULT_USAGE);
		CHECK_INT(filter.n_nodes, 0);
	}
}

/* before, n times the part, after */
static char *repeat(const char *before, const char *part, size_t n, const char *after)
{
	struct text text = { 0 };
	text_puts(&text, before);
	for (size_t i = 0; i < n; i++)
		text_puts(&text, part);
	text_puts(&text, after);
	return text.bytes;
}

TEST(mean_sources_are_refused_in_a_sentence)
{
	const struct {
		char *source;
		const char *sentence;
	} rows[] = {
		{ repeat("", "(", 1000000, ""), "a filter may have 2000 bytes at most" },
		{ repeat("", "(", 1999, ""), "nested too deeply" },
		{ repeat("", "not ", 400, ""), "nested too deeply" },
		{ repeat("", "a ", 60, ""), "a filter may have 48 values at most" },
		{ repeat("", "queued\n", 250, ""), "a filter may have 48 values at most" },
		{ repeat("user.name in [", "x,", 60, " x]"), "a filter may have 48 values at most" },
		{ repeat("user.name = ", "x", 300, ""), "a value may have 255 bytes at most" },
		{ repeat("\"", "é", 200, "\""), "a value may have 255 bytes at most" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct filter filter;
		CHECK(!reads(FILTER_CALLS, rows[i].source, strlen(rows[i].source), &filter));
		CHECK_STR(fault.text, rows[i].sentence);
		CHECK(offset <= strlen(rows[i].source));
		free(rows[i].source);
	}
	static const struct {
		const char *bytes;
		size_t n, at;
	} no_text[] = { { "answered\0", 9, 8 }, { "\0", 1, 0 }, { "ana\xFF", 4, 3 }, { "\xC3", 1, 0 }, { "\xED\xA0\x80", 3, 0 },
		{ "a\x1B[31m", 6, 1 }, { "ana \xE2\x80\xAE", 7, 4 }, { "\xF4\x90\x80\x80", 4, 0 } };
	for (size_t i = 0; i < COUNT_OF(no_text); i++) {
		struct filter filter;
		CHECK(!reads(FILTER_CALLS, no_text[i].bytes, no_text[i].n, &filter));
		CHECK_STR(fault.text, "a byte here is no text");
		CHECK_INT(offset, no_text[i].at);
	}
}

/* A letter for the role of every byte. */
static const char *painted(const char *source)
{
	static char out[200];
	struct filter filter;
	if (reads(FILTER_CALLS, source, strlen(source), &filter))
		filter_clear(&filter);
	memset(out, '.', strlen(source));
	out[strlen(source)] = '\0';
	for (size_t i = 0; i < reading.n_marks; i++)
		memset(out + reading.marks[i].from, "FOVJWN!"[reading.marks[i].role], reading.marks[i].until - reading.marks[i].from);
	return out;
}

TEST(what_is_typed_is_told_by_its_role)
{
	CHECK_STR(painted("dst.country in [CU, LV] and ana"), "FFFFFFFFFFF.OO.OVVO.VVO.JJJ.WWW");
	CHECK_STR(painted("legs > 2 or not (@night)"), "FFFF.O.V.JJ.JJJ.JNNNNNNJ");
	CHECK_STR(painted("legs > x and ana"), "FFFF.O.!........");
	CHECK_STR(painted("legs >"), "FFFF.O");
	CHECK_STR(painted("@nosuch"), "!!!!!!!");
}

TEST(what_may_follow_is_known)
{
	static const struct {
		const char *source;
		enum filter_next next;
		const char *field;
	} rows[] = { { "", NEXT_TERM, NULL }, { "answered and ", NEXT_TERM, NULL }, { "not (", NEXT_TERM, NULL }, { "legs ", NEXT_OPERATOR, "legs" },
		{ "answered ", NEXT_JOIN, NULL }, { "legs > ", NEXT_VALUE, "legs" }, { "dst.tier in [", NEXT_VALUE, "dst.tier" },
		{ "dst.tier in [low, ", NEXT_VALUE, "dst.tier" }, { "dst.tier in [low ", NEXT_LIST_END, "dst.tier" }, { "dst.tier in ", NEXT_VALUE, "dst.tier" },
		{ "legs > 2 ", NEXT_JOIN, NULL }, { "ana ", NEXT_JOIN, NULL } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct filter filter;
		if (reads(FILTER_CALLS, rows[i].source, strlen(rows[i].source), &filter))
			filter_clear(&filter);
		CHECK_INT(reading.next, rows[i].next);
		CHECK_STR(reading.field == NULL ? "-" : reading.field->name, rows[i].field == NULL ? "-" : rows[i].field);
	}
}

static const char *parts_of(const char *source)
{
	static char out[300];
	struct filter filter;
	struct filter_part parts[8];
	out[0] = '\0';
	REQUIRE(reads(FILTER_CALLS, source, strlen(source), &filter));
	size_t n = filter_parts(&filter, parts, COUNT_OF(parts));
	for (size_t i = 0; i < n && i < COUNT_OF(parts); i++)
		snprintf(out + strlen(out), sizeof out - strlen(out), "%s%.*s", i > 0 ? "|" : "", (int)(parts[i].until - parts[i].from), source + parts[i].from);
	filter_clear(&filter);
	return out;
}

TEST(a_filter_comes_apart_at_its_ands)
{
	CHECK_STR(parts_of(""), "");
	CHECK_STR(parts_of("ana"), "ana");
	CHECK_STR(parts_of("dst.country in [CU, LV] and duration > 20m  and not user.name == \"Ana\""),
	    "dst.country in [CU, LV]|duration > 20m|not user.name == \"Ana\"");
	CHECK_STR(parts_of("answered queued @night"), "answered|queued|@night");
	CHECK_STR(parts_of("answered or queued and legs = 1..2"), "answered or queued and legs = 1..2");
	CHECK_STR(parts_of("(answered or queued) and legs = 1..2"), "(answered or queued)|legs = 1..2");
	CHECK_STR(parts_of("(answered and queued) legs not in [1]"), "(answered and queued)|legs not in [1]");
	CHECK_STR(parts_of("not (answered and queued)"), "not (answered and queued)");
	CHECK_STR(parts_of("((answered) and queued)"), "((answered) and queued)");
}

TEST(folding_takes_case_and_accents_away)
{
	static const struct {
		const char *text, *folded;
	} rows[] = { { "Bogotá", "bogota" }, { "JOSÉ MUÑOZ", "jose munoz" }, { "Jose\xCC\x81", "jose" }, { "ÆØß÷×", "æoß÷×" }, { "ŁÓDŹ ŒŊĲ", "lodz œŋĳ" },
		{ "ЖУК Ё", "жук ё" }, { "ΩΜΕΓΑ", "ωμεγα" }, { "\xFF" "a", "\xEF\xBF\xBD" "a" }, { "", "" }, { "\xCC\x81", "" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char out[64], again[64];
		text_fold(out, sizeof out, rows[i].text, strlen(rows[i].text));
		CHECK_STR(out, rows[i].folded);
		text_fold(again, sizeof again, out, strlen(out));
		CHECK_STR(again, out);
		CHECK(text_like(out, rows[i].text));
	}
	/* Every character is folded to one that stays as it is. */
	for (uint32_t point = 1; point < 0x3000; point++)
		if (point_fold(point_fold(point)) != point_fold(point))
			CHECK_INT(point_fold(point_fold(point)), point_fold(point));
}

TEST(what_is_quoted_stands_for_itself)
{
	static const char *const texts[] = { "Ana", "a \"b\" \\ c*", "*", "100%_", "and", "@x", "", "ñ [x] (y), z" };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		char quoted[600], source[700];
		const struct call call = { .user_name = texts[i] }, other = { .user_name = "somebody else" };
		REQUIRE(token_quote(quoted, sizeof quoted, texts[i]));
		snprintf(source, sizeof source, "user.name = %s", quoted);
		CHECK(passes(&call, source));
		CHECK(!passes(&other, source));
	}
	char quoted[600], small[4], *text = repeat("", "x", 300, "");
	CHECK(!token_quote(quoted, sizeof quoted, text));
	CHECK(!token_quote(small, sizeof small, "abc"));
	REQUIRE(token_quote(quoted, sizeof quoted, "\x1B[31m"));
	CHECK_STR(quoted, "\"\xEF\xBF\xBD[31m\"");
	free(text);
}

TEST(patterns_with_many_stars_end)
{
	char *text = repeat("", "a", 5000, ""), *pattern = repeat("%", "a%", 60, " b");
	CHECK(!text_like(pattern, text));
	CHECK(text_like("%a%a%a%", text) && text_like("", "") && text_like("%", "") && text_like("%%", "x") && !text_like("a", "") && !text_like("", "a"));
	CHECK(text_like("100\\%", "100%") && !text_like("100\\%", "100x") && text_like("a\\_b", "A_B") && text_like("a\\\\%", "a\\zz"));
	free(text);
	free(pattern);
}

/* A silence that can hide nothing is refused, whatever way it says so. */
TEST(a_scope_of_critical_alerts_alone_is_none)
{
	static const struct {
		const char *source;
		bool well;
	} scopes[] = { { "severity = critical", false }, { "severity >= critical", false }, { "not severity < critical", false }, { "location = Cali and severity = critical", false },
		{ "severity = critical and (rule = a or rule = b)", false }, { "severity = high and severity = critical", false }, { "(severity = critical or severity > high) and score > 3", false },
		{ "severity = critical or location = Cali", true }, { "severity >= high", true }, { "not severity = critical", true }, { "location = Cali", true },
		{ "not (severity = low and location = Cali)", true }, { "severity = low", true }, { "severity >= critical or score > 3", true } };
	for (size_t i = 0; i < COUNT_OF(scopes); i++) {
		struct filter filter;
		offset = 77;
		bool well = silence_scope_read(scopes[i].source, strlen(scopes[i].source), 0, NULL, &filter, NULL, &fault, &offset);
		if (well != scopes[i].well)
			printf("%s: %s\n", scopes[i].source, fault.text);
		CHECK(well == scopes[i].well);
		if (well)
			filter_clear(&filter);
		else
			CHECK_STR(fault.text, "only critical alerts pass it, and those are never silenced");
		CHECK(well || offset == 0);
	}
}

TESTS(T(a_scope_of_critical_alerts_alone_is_none), T(what_passes_and_what_does_not), T(a_day_is_all_of_it_to_equals_and_its_begin_to_less), T(live_calls_grow_older_under_a_filter),
    T(what_is_wrong_is_said_at_its_place), T(mean_sources_are_refused_in_a_sentence), T(what_is_typed_is_told_by_its_role), T(what_may_follow_is_known),
    T(a_filter_comes_apart_at_its_ands), T(folding_takes_case_and_accents_away), T(what_is_quoted_stands_for_itself),
    T(patterns_with_many_stars_end),
    T(fields_and_values_have_their_spanish_names_too))
