/* SPDX-License-Identifier: Apache-2.0
 *
 * What a setting may be, at every door that takes one. */
#include "test.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "options.h"
#include "ui/setting_forms.h"

TEST(what_no_program_could_work_with_is_refused_with_its_name)
{
	static const struct {
		const char *key, *value, *says;
	} rows[] = {
		{ "sync.keep_raw", "1s", "sync.keep_raw is from 1d to 36500d, or 0" }, { "sync.interval", "0s", "from 10ms to 1d" }, { "sync.interval", "2d", "from 10ms" },
		{ "sync.page_size", "0", "from 500 to 5000" }, { "sync.page_size", "499", "500" }, { "sync.page_size", "5001", "500" },
		{ "sync.page_size", "99999999999999999999", "whole number" }, { "sync.backfill", "31d", "from 0 to 30d" }, { "sync.backfill", "soon", "is a duration" },
		{ "sync.clock_speed", "0", "from 1 to 1000" }, { "sync.clock_speed", "-1", "whole number" }, { "webex.redirect_port", "99999", "from 1 to 65535" },
		{ "webex.redirect_port", "0", "65535" }, { "console.shift", "99d", "from 1h to 7d" }, { "console.shift", "59m", "1h" }, { "console.shift", "0", "1h" }, { "console.escape", "0", "from 10ms to 5s" }, { "console.escape", "6s", "5s" },
		{ "api.listen", "garbage", "api.listen is ADDRESS:PORT" }, { "api.listen", "127.0.0.1:65536", "PORT" }, { "api.listen", ":80", "PORT" },
		{ "api.listen", "[]:80", "PORT" }, { "api.listen", "127.0.0.1:", "PORT" }, { "live.listen", "8080", "live.listen is ADDRESS" },
		{ "live.url", "ftp://x", "by https" }, { "live.url", "http://x", "by https" }, { "live.url", "https://", "by https" }, { "live.url", "https:///a", "https" },
		{ "live.url", "https://a b", "https" }, { "live.url", "https://a\n", "https" }, { "webex.api", "webexapis.com", "webex.api is an address" },
		{ "api.socket_scope", "king", "api.socket_scope is one of viewer, analyst, lead, admin" }, { "language", "fr", "es or en" }, { "console.attention", "shout", "shout" },
		{ "organisation", "../../etc", "" }, { "organisation", "Bank", "" }, { "organisation", "a/b", "" }, { "console.mouse", "maybe", "true or false" },
		{ "alert_budget", "100001", "100000" }, { "live.keep", "1m", "or 0" },
	};
	struct options options;
	options_init(&options);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct fault fault = { 0 };
		bool taken = options_set(&options, rows[i].key, rows[i].value, &fault);
		if (taken || fault.code != FAULT_USAGE || strstr(fault.text, rows[i].says) == NULL)
			printf("%s %s: %s\n", rows[i].key, rows[i].value, taken ? "taken" : fault.text);
		CHECK(!taken && fault.code == FAULT_USAGE && strstr(fault.text, rows[i].says) != NULL);
	}
	/* What was there is still there. */
	CHECK_INT(options.keep_raw, 90 * DAY_MS);
	CHECK_INT(options.page_size, 5000);
	CHECK_STR(options.api_listen, "127.0.0.1:8719");
	CHECK_STR(options.organisation, "");
	options_clear(&options);
}

TEST(both_ends_of_a_range_are_in_it)
{
	static const struct {
		const char *key, *value;
	} rows[] = {
		{ "sync.keep_raw", "1d" }, { "sync.keep_raw", "0" }, { "sync.keep_raw", "0s" }, { "sync.page_size", "500" }, { "sync.page_size", "5000" }, { "sync.interval", "10ms" },
		{ "sync.backfill", "0" }, { "sync.backfill", "30d" }, { "console.shift", "1h" }, { "console.shift", "7d" }, { "console.shift", "3600s" },
		{ "webex.redirect_port", "65535" }, { "api.listen", "" }, { "api.listen", "[::1]:0" }, { "api.listen", "localhost:65535" }, { "live.url", "https://x.example/y?z=1" },
		{ "live.url", "" }, { "organisation", "all" }, { "organisation", "bank-2" }, { "organisation", "" }, { "api.socket_scope", "admin" },
		{ "console.attention", "" }, { "console.attention", "bell osc9" }, { "language", "" },
	};
	struct options options;
	struct fault fault = { 0 };
	options_init(&options);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (!options_set(&options, rows[i].key, rows[i].value, &fault))
			printf("%s %s: %s\n", rows[i].key, rows[i].value, fault.text);
		CHECK(options_set(&options, rows[i].key, rows[i].value, &fault));
	}
	options_clear(&options);
}

/* A wrong form in the table is an assertion. */
TEST(every_row_of_the_table_says_what_it_may_be)
{
	struct options options;
	struct settings settings;
	struct fault fault;
	options_init(&options);
	options_settings(&options, NULL, &settings);
	for (size_t i = 0; i < settings.n; i++) {
		const struct setting *setting = &settings.items[i];
		CHECK(settings.check(setting->key, setting->otherwise, &fault));
		CHECK(setting->kind == SETTING_TEXT || !settings.check(setting->key, "99999999999999999999", &fault));
	}
	settings_clear(&settings);
	options_clear(&options);
}

TEST(what_a_setting_may_be_is_said_beside_what_it_means)
{
	static const struct {
		const char *otherwise, *allows, *quote, *en, *es;
	} rows[] = {
		{ "90d", "1d..36500d or 0", "", "records a page [90d; 1d..36500d or 0]", "registros por p\u00E1gina [90d; 1d..36500d o 0]" },
		{ "5000", "500..5000", "`", "records a page (`5000`; 500..5000)", "registros por p\u00E1gina (`5000`; 500..5000)" },
		{ "", "language", "`", "records a page (es or en)", "registros por p\u00E1gina (es o en)" },
		{ "viewer", "scope", "", "records a page [viewer; viewer, analyst, lead, admin]", "registros por p\u00E1gina [viewer; viewer, analyst, lead, admin]" },
		{ "title bell", "ways", "`", "records a page (`title bell`; title, bell, osc9, osc777)", "registros por p\u00E1gina (`title bell`; title, bell, osc9, osc777)" },
		{ "", "address", "", "records a page", "registros por p\u00E1gina" }, { "x", "", "", "records a page [x]", "registros por p\u00E1gina [x]" },
		{ "", "", "", "records a page", "registros por p\u00E1gina" },
	};
	for (size_t i = 0; i < 2 * COUNT_OF(rows); i++) {
		bool es = i % 2 == 1;
		i18n_init(es ? "es" : "en");
		char *said = setting_described("records a page", rows[i / 2].otherwise, rows[i / 2].allows, rows[i / 2].quote);
		CHECK_STR(said, es ? rows[i / 2].es : rows[i / 2].en);
		free(said);
	}
	i18n_init("en");
}

TEST(the_help_prints_every_range_of_the_table)
{
#define RANGE_TEXT(key, member, kind, otherwise, allows, help) { key, allows },
	static const struct {
		const char *key, *allows;
	} rows[] = { OPTION_ROWS(RANGE_TEXT) };
#undef RANGE_TEXT
	size_t n_ranges = 0;
	struct text out = { 0 };
	i18n_init("en");
	options_describe(&out);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (strstr(rows[i].allows, "..") == NULL)
			continue;
		n_ranges++;
		char *key = mem_printf("\n%s ", rows[i].key), *line = strstr(text_string(&out), key), *end = line != NULL ? strchr(line + 1, '\n') : NULL;
		const char *range = line != NULL ? strstr(line, rows[i].allows) : NULL;
		CHECK(range != NULL && end != NULL && range < end);
		free(key);
	}
	CHECK(n_ranges > 10);
	text_clear(&out);
}

TESTS(T(what_a_setting_may_be_is_said_beside_what_it_means), T(the_help_prints_every_range_of_the_table), T(what_no_program_could_work_with_is_refused_with_its_name), T(both_ends_of_a_range_are_in_it), T(every_row_of_the_table_says_what_it_may_be))
