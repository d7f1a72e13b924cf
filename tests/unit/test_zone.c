/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/iso_time.h"
#include "base/mem.h"
#include "base/zone.h"

static int32_t offset_at(const char *name, const char *iso, const char **abbreviation)
{
	static struct zone *zone;
	struct fault fault;
	int64_t ms;
	zone_free(zone);
	zone = NULL;
	if (name == NULL)
		return 0;
	if (!zone_open(name, &zone, &fault)) {
		printf("%s\n", fault.text);
		test_failures++;
		return -1;
	}
	CHECK_STR(zone_name(zone), name);
	REQUIRE(iso_time_parse(iso, strlen(iso), &ms));
	return zone_offset_s(zone, ms, abbreviation);
}

TEST(every_site_has_its_local_time)
{
	static const struct {
		const char *zone, *utc;
		int32_t offset_s;
	} cases[] = {
		{ "America/Bogota", "2026-10-05T09:12:07Z", -5 * 3600 },
		{ "America/Bogota", "2037-07-01T00:00:00Z", -5 * 3600 },
		{ "America/Bogota", "1992-08-01T00:00:00Z", -4 * 3600 }, /* la hora Gaviria */
		{ "America/Costa_Rica", "2026-07-05T09:12:07Z", -6 * 3600 },
		{ "America/Guatemala", "2026-07-05T09:12:07Z", -6 * 3600 },
		{ "America/Guatemala", "2006-07-05T09:12:07Z", -5 * 3600 },
		{ "America/El_Salvador", "2026-07-05T09:12:07Z", -6 * 3600 },
		{ "Etc/UTC", "2026-07-05T09:12:07Z", 0 },
		{ "Asia/Kathmandu", "2026-07-05T09:12:07Z", 5 * 3600 + 45 * 60 },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		CHECK_INT(offset_at(cases[i].zone, cases[i].utc, NULL), cases[i].offset_s);
	offset_at(NULL, NULL, NULL);
}

TEST(denver_switches_at_the_second)
{
	static const struct {
		const char *utc;
		int32_t hours;
		const char *abbreviation;
	} cases[] = {
		/* In the transition table … */
		{ "2026-03-08T08:59:59.999Z", -7, "MST" },
		{ "2026-03-08T09:00:00Z", -6, "MDT" },
		{ "2026-11-01T07:59:59.999Z", -6, "MDT" },
		{ "2026-11-01T08:00:00Z", -7, "MST" },
		/* … and after its end (2037), by the rule in the footer. */
		{ "2045-03-12T08:59:59Z", -7, "MST" },
		{ "2045-03-12T09:00:00Z", -6, "MDT" },
		{ "2045-11-05T07:59:59Z", -6, "MDT" },
		{ "2045-11-05T08:00:00Z", -7, "MST" },
		{ "2100-01-01T00:00:00Z", -7, "MST" },
		{ "2100-07-01T00:00:00Z", -6, "MDT" },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *abbreviation = "";
		CHECK_INT(offset_at("America/Denver", cases[i].utc, &abbreviation),
		    cases[i].hours * 3600);
		CHECK_STR(abbreviation, cases[i].abbreviation);
	}
	offset_at(NULL, NULL, NULL);
}

TEST(a_name_cannot_leave_the_folder)
{
	static const char *const bad[] = { "", "../etc/passwd", "/etc/passwd", "America/../../../etc/passwd",
		"America//Bogota", "America/", ".", "..", "America", "America/Bogota\n", "a b", "\x1b[2J",
		"zone.tab", "tzdata.zi", "America/Nowhere", "posixrules/x", "%s%n", "C:\\x",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct zone *zone = (void *)1;
		struct fault fault = { 0 };
		CHECK(!zone_open(bad[i], &zone, &fault));
		CHECK(zone == NULL);
		CHECK(fault.text[0] != '\0' && strchr(fault.text, 0x1b) == NULL);
	}
	struct zone *zone;
	CHECK(!zone_open(NULL, &zone, NULL));
}

static size_t denver(unsigned char *out, size_t capacity)
{
	FILE *file = fopen("/usr/share/zoneinfo/America/Denver", "rb");
	REQUIRE(file != NULL);
	size_t n = fread(out, 1, capacity, file);
	fclose(file);
	REQUIRE(n > 100 && n < capacity);
	return n;
}

TEST(a_truncated_file_is_refused_at_every_length)
{
	unsigned char bytes[8192];
	size_t n = denver(bytes, sizeof bytes);
	struct fault fault;
	struct zone *zone;
	for (size_t i = 0; i < n; i++) {
		void *exact = mem_dup(bytes, i); /* so that ASan sees one byte too far */
		CHECK(!zone_parse("x", exact, i, &zone, &fault));
		free(exact);
	}
	CHECK(zone_parse("x", bytes, n, &zone, &fault));
	zone_free(zone);
}

TEST(a_broken_byte_never_reads_outside)
{
	unsigned char bytes[8192];
	size_t n = denver(bytes, sizeof bytes);
	int refused = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned char *broken = mem_dup(bytes, n);
		struct zone *zone;
		broken[i] ^= 0xFF;
		if (zone_parse("x", broken, n, &zone, NULL)) {
			for (int64_t ms = -DAY_MS; ms < 100 * 365 * DAY_MS; ms += 500 * DAY_MS) {
				const char *abbreviation = NULL;
				int32_t s = zone_offset_s(zone, ms, &abbreviation);
				CHECK(s >= -93600 && s <= 93600 && strlen(abbreviation) < 4097);
			}
			zone_free(zone);
		} else {
			refused++;
		}
		free(broken);
	}
	CHECK(refused > 100); /* counts, order, types and the rule are checked */
}

/* A version 2 file of one type and no transition: everything is the footer. */
static size_t only_footer(const char *rule, unsigned char *out)
{
	static const char head[] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4";
	static const char block[] = "\0\0\0\0\0\0UTC";
	size_t n = 0;
	for (int i = 0; i < 2; i++) {
		memcpy(out + n, head, 44);
		memcpy(out + n + 44, block, 10);
		n += 54;
	}
	out[n++] = '\n';
	memcpy(out + n, rule, strlen(rule));
	n += strlen(rule);
	out[n++] = '\n';
	return n;
}

TEST(posix_rules_are_read_in_every_form)
{
	static const struct {
		const char *rule, *utc;
		int32_t offset_s;
	} good[] = {
		{ "", "2026-01-01T00:00:00Z", 0 },
		{ "<-05>5", "2026-01-01T00:00:00Z", -18000 },
		{ "<+0545>-5:45", "2026-01-01T00:00:00Z", 20700 },
		/* the south: summer over new year */
		{ "<-04>4<-03>,M9.1.6/24,M4.1.6/24", "2026-01-01T00:00:00Z", -10800 },
		{ "<-04>4<-03>,M9.1.6/24,M4.1.6/24", "2026-07-01T00:00:00Z", -14400 },
		/* last Sunday, negative hours, a day by number, always summer */
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7200 },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3600 },
		{ "AAA0BBB,J60/0,J300/0", "2028-02-29T23:59:59Z", 0 },
		{ "AAA0BBB,J60/0,J300/0", "2028-03-01T00:00:00Z", 3600 },
		{ "AAA0BBB,59/0,300/0", "2028-02-29T00:00:00Z", 3600 },
		{ "XXX3EDT4,0/0,J365/23", "2026-12-31T23:30:00Z", -14400 },
		{ "XXX3EDT4,0/0,J365/23", "2026-06-30T23:30:00Z", -14400 },
	};
	unsigned char bytes[256];
	struct zone *zone;
	int64_t ms;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		size_t n = only_footer(good[i].rule, bytes);
		REQUIRE(zone_parse("x", bytes, n, &zone, NULL));
		REQUIRE(iso_time_parse(good[i].utc, strlen(good[i].utc), &ms));
		CHECK_INT(zone_offset_s(zone, ms, NULL), good[i].offset_s);
		zone_free(zone);
	}
	static const char *const bad[] = { "A5", "AAA", "AAA99", "AAA5BBB", "AAA5BBB,M13.1.0,M1.1.0",
		"AAA5BBB,M3.6.0,M1.1.0", "AAA5BBB,M3.1.7,M1.1.0", "AAA5BBB,M3.1.0", "AAA5BBB,M3.1.0,J366",
		"<AAA5", "AAA5x", "AAA5BBB,M3.1.0/168,M4.1.0", "AAAAAAAAAAAAAAAAAAAA5" };
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		CHECK(!zone_parse("x", bytes, only_footer(bad[i], bytes), &zone, NULL));
}

TESTS(T(every_site_has_its_local_time), T(denver_switches_at_the_second),
    T(a_name_cannot_leave_the_folder), T(a_truncated_file_is_refused_at_every_length),
    T(a_broken_byte_never_reads_outside), T(posix_rules_are_read_in_every_form))
