/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/iso_time.h"
#include "net/file.h"
#include "notify/kind.h"

static struct notify_routes *routes;
static struct fault fault;

static bool parse(const char *text)
{
	return notify_routes_parse("r.yaml", text, strlen(text), &routes, &fault);
}

#define ROOM "destinations:\n  a: {kind: webex, room: R, token: {file: /t}}\n  b: {kind: slack, url: {command: pass x}}\n  c: {kind: file, path: /p}\n"

TEST(what_is_not_understood_is_said_with_its_place)
{
	static const struct {
		const char *text, *said;
	} bad[] = {
		{ "x", "r.yaml:1:1" },
		{ "destination: {}\n", "\"destinations\"" },
		{ "destinations: [a]\n", "r.yaml:1:" },
		{ "destinations:\n  a: {kind: pigeon}\n", "webex webex_webhook slack teams webhook email syslog file" },
		{ "destinations:\n  a: {kind: webex}\n", "needs \"room\"" },
		{ "destinations:\n  a: {kind: webex, room: R}\n", "needs \"token\"" },
		{ "destinations:\n  a: {kind: webex, room: R, token: secreto}\n", "{file: PATH}" },
		{ "destinations:\n  a: {kind: webex, room: R, token: {environment: X}}\n", "environment" },
		{ "destinations:\n  a: {kind: webex, room: R, token: {file: /t}, rooms: X}\n", "is \"room\" meant?" },
		{ "destinations:\n  a: {kind: slack, url: \"https://hooks.slack.com/secreto\"}\n", "{file: PATH}" },
		{ "destinations:\n  a: {kind: webhook, url: \"ftp://x\"}\n", "https" },
		{ "destinations:\n  a: {kind: webhook, url: \"https://x\", format: cef}\n", "is none of alert ocsf ecs" },
		{ "destinations:\n  a: {kind: webhook, url: \"https://x\", burst: 3}\n", "burst" },
		{ "destinations:\n  a: {kind: syslog, server: siem}\n", "HOST:PORT" },
		{ "destinations:\n  a: {kind: syslog, server: \"siem:99999\"}\n", "HOST:PORT" },
		{ "destinations:\n  a: {kind: syslog, server: \"a b:1\"}\n", "HOST:PORT" },
		{ "destinations:\n  a: {kind: email, server: \"m:587\", from: \"x@y>\\r\\nBcc: z\", to: [a@b]}\n", "mail address" },
		{ "destinations:\n  a: {kind: email, server: \"m:587\", from: x@y, to: [a@b, \"c d@e\"]}\n", "mail address" },
		{ "destinations:\n  a: {kind: file, path: \"/a\\nb\"}\n", "one line" },
		{ ROOM "routes:\n  - severity: high\n", "needs \"to\"" },
		{ ROOM "routes:\n  - to: [d]\n", "r.yaml:6:10: \"d\"" },
		{ ROOM "routes:\n  - to: [a]\n    severity: grave\n", "low, medium, high, critical" },
		{ ROOM "routes:\n  - to: [a]\n    filter: dst.tier ==\n", "r.yaml:7:" },
		{ ROOM "routes:\n  - to: [a]\n    filter: nosuch = 1\n", "nosuch" },
		{ ROOM "routes:\n  - to: [a]\n    hours: {mon: 07:00-19:00}\n", "zone" },
		{ ROOM "routes:\n  - to: [a]\n    hours: {someday: 07:00-19:00}\n    zone: UTC\n", "someday" },
		{ ROOM "routes:\n  - to: [a]\n    zone: Mars/Olympus\n", "Mars/Olympus" },
		{ ROOM "routes:\n  - to: [a]\n    tell: [everything]\n", "raised, worse, closed, acts" },
		{ ROOM "routes:\n  - to: []\n", "empty list" },
		{ ROOM "routes:\n  - two: [a]\n", "is \"to\" meant?" },
		{ "max_age: soon\n" ROOM, "duration" },
		{ "language: fr\n" ROOM, "en es" },
	};
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		routes = NULL;
		bool ok = parse(bad[i].text);
		CHECK(!ok);
		if (!ok && strstr(fault.text, bad[i].said) == NULL)
			printf("%zu: %s\n", i, fault.text);
		CHECK(!ok && strstr(fault.text, bad[i].said) != NULL);
		CHECK(!ok && strstr(fault.text, "secreto") == NULL);
		if (ok)
			notify_routes_free(routes);
	}
}

static struct notice notice_of(enum severity severity, const char *site)
{
	return (struct notice){ .id = 1, .at_ms = civil_to_ms(2026, 11, 25, 15, 0, 0, 0), .kind = NOTICE_RAISED, .act = "raise", .who = "centinela", .was = "", .became = "",
		.alert = { .id = 1, .severity = severity, .location = site, .rule = "irsf", .title_en = "T", .title_es = "T", .subject_id = "u", .subject_name = "Ana",
		    .last_ms = civil_to_ms(2026, 11, 25, 14, 55, 0, 0), .assignee = "", .why_en = "", .why_es = "" } };
}

/* The names of those that are told, in their order. */
/* Who may be told of some alert, before it is known of which. */
static const char *reach(enum notice_kind kind, enum severity worst, int64_t now_ms)
{
	static char names[64];
	const struct destination *to[8];
	size_t n = notify_routes_reach(routes, kind, worst, now_ms, to, COUNT_OF(to));
	names[0] = '\0';
	for (size_t i = 0; i < n; i++)
		snprintf(names + strlen(names), sizeof names - strlen(names), "%s ", to[i]->name);
	return names;
}

static const char *told(struct notice notice, int64_t now_ms)
{
	static char out[200];
	const struct destination *to[8];
	size_t n = notify_routes_of(routes, &notice, now_ms, to, COUNT_OF(to));
	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		strcat(strcat(out, to[i]->name), " ");
	return out;
}

TEST(each_route_that_fits_tells_and_nobody_is_told_twice)
{
	int64_t now = civil_to_ms(2026, 11, 25, 15, 0, 0, 0); /* a Wednesday, 10:00 in Bogotá */
	REQUIRE(parse(ROOM "routes:\n"
			   "  - {to: [a, c], severity: high}\n"
			   "  - {to: [a, b], sites: [BOGOTA], filter: 'subject.name = ana'}\n"
			   "  - {to: b, severity: critical, hours: {mon-fri: 07:00-19:00}, zone: America/Bogota}\n"));
	CHECK_STR(told(notice_of(SEVERITY_HIGH, "Denver"), now), "a c ");
	CHECK_STR(told(notice_of(SEVERITY_LOW, "Denver"), now), "");
	CHECK_STR(told(notice_of(SEVERITY_LOW, "Bogotá"), now), "a b "); /* accents and case do not count */
	CHECK_STR(told(notice_of(SEVERITY_HIGH, "Bogotá"), now), "a c b ");
	CHECK_STR(told(notice_of(SEVERITY_CRITICAL, "Denver"), now), "a c b ");
	/* Before it is known of which alert: whatever its site is, and what a filter says of it. */
	CHECK_STR(reach(NOTICE_RAISED, SEVERITY_CRITICAL, now), "a c b ");
	CHECK_STR(reach(NOTICE_RAISED, SEVERITY_LOW, now), "a b ");
	CHECK_STR(reach(NOTICE_CLOSED, SEVERITY_CRITICAL, now), "c ");
	CHECK_STR(reach(NOTICE_ACT, SEVERITY_CRITICAL, now), "");
	/* At night who is on duty by day is not told. */
	struct notice late = notice_of(SEVERITY_CRITICAL, "Denver");
	late.alert.last_ms = now + 14 * HOUR_MS;
	CHECK_STR(told(late, now + 14 * HOUR_MS), "a c ");
	notify_routes_free(routes);
}

TEST(people_hear_of_what_is_new_machines_of_its_end_too)
{
	int64_t now = civil_to_ms(2026, 11, 25, 15, 0, 0, 0);
	REQUIRE(parse(ROOM "routes:\n  - {to: [a, c]}\n  - {to: [b], tell: [acts, closed]}\n"));
	struct notice n = notice_of(SEVERITY_HIGH, "");
	CHECK_STR(told(n, now), "a c ");
	n.kind = NOTICE_WORSE;
	CHECK_STR(told(n, now), "a c ");
	n.kind = NOTICE_CLOSED;
	CHECK_STR(told(n, now), "c b ");
	n.kind = NOTICE_ACT;
	CHECK_STR(told(n, now), "b ");
	notify_routes_free(routes);
}

TEST(history_is_no_news)
{
	int64_t now = civil_to_ms(2026, 11, 25, 15, 0, 0, 0);
	REQUIRE(parse("max_age: 2h\n" ROOM "routes:\n  - {to: [c], tell: [raised, closed]}\n"));
	struct notice n = notice_of(SEVERITY_HIGH, "");
	CHECK_STR(told(n, now), "c ");
	n.alert.last_ms = now - 3 * HOUR_MS; /* found in a backfill */
	CHECK_STR(told(n, now), "");
	/* … but what waited because nobody told it is news still. */
	n.alert.last_ms = now - HOUR_MS;
	CHECK_STR(told(n, now + 2 * DAY_MS), "c ");
	n.alert.last_ms = now - 3 * HOUR_MS;
	n.act = "reopen"; /* by somebody, now */
	CHECK_STR(told(n, now), "c ");
	n.act = "close";
	n.kind = NOTICE_CLOSED;
	CHECK_STR(told(n, now), "c ");
	notify_routes_free(routes);
}

TEST(what_is_not_said_has_its_default)
{
	REQUIRE(parse("language: es\n" ROOM "  d: {kind: syslog, server: \"s:6514\", language: en, redact: names, give_up: 3d}\n"));
	const struct destination *a = notify_routes_destination(routes, "a"), *d = notify_routes_destination(routes, "d");
	CHECK(a->es && a->burst == 5 && a->window_ms == 5 * MINUTE_MS && a->give_up_ms == DAY_MS && a->redact == REDACT_NONE && a->zone == NULL);
	CHECK(!d->es && d->redact == REDACT_NAMES && d->format == FORMAT_CEF && d->give_up_ms == 3 * DAY_MS);
	CHECK(notify_routes_destination(routes, "e") == NULL);
	notify_routes_free(routes);
}

TEST(what_the_readme_shows_is_understood)
{
	const char *source = getenv("CENTINELA_SOURCE");
	char path[400], *bytes;
	size_t n;
	snprintf(path, sizeof path, "%s/README.md", source != NULL ? source : ".");
	REQUIRE(file_read(path, (size_t)1 << 20, &bytes, &n, &fault));
	char *at = strstr(bytes, "## Who is told"), *begin = at == NULL ? NULL : strstr(at, "```yaml\n");
	REQUIRE(begin != NULL);
	begin += strlen("```yaml\n");
	*strstr(begin, "```") = '\0';
	if (!parse(begin))
		puts(fault.text);
	else
		CHECK_INT(routes->n_destinations, 3);
	CHECK_INT(routes->n_routes, 3);
	notify_routes_free(routes);
	free(bytes);
}

TESTS(T(what_is_not_understood_is_said_with_its_place), T(each_route_that_fits_tells_and_nobody_is_told_twice), T(people_hear_of_what_is_new_machines_of_its_end_too),
    T(history_is_no_news), T(what_is_not_said_has_its_default),
    T(what_the_readme_shows_is_understood))
