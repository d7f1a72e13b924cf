/* SPDX-License-Identifier: Apache-2.0
 *
 * Exports: one object a line in order of arrival, labels that match, pages. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/iso_time.h"
#include "base/json.h"
#include "base/map.h"
#include "base/mem.h"
#include "sim/export.h"
#include "sim/legs.h"
#include "test.h"

#define EPOCH (civil_to_ms(2026, 10, 5, 14, 0, 0, 0))

static char dir[64];

static FILE *open_in(const char *name)
{
	char *path = mem_printf("%s/%s", dir, name);
	FILE *file = fopen(path, "r");
	free(path);
	REQUIRE(file != NULL);
	return file;
}

static void make_dir(void)
{
	snprintf(dir, sizeof dir, "/tmp/centinela-export-XXXXXX");
	REQUIRE(mkdtemp(dir) != NULL);
}

static void remove_dir(void)
{
	static const char *const FILES[] = { "cdrs.jsonl", "labels.csv" };
	for (size_t i = 0; i < 2; i++) {
		char *path = mem_printf("%s/%s", dir, FILES[i]);
		unlink(path);
		free(path);
	}
	rmdir(dir);
}

TEST(an_export_is_the_days_in_order_of_arrival)
{
	struct traffic_options options = { .seed = 3, .n_users = 60, .epoch_ms = EPOCH };
	struct fault fault = { 0 };
	struct traffic *t = NULL;
	struct map arrival = { 0 }, labelled = { 0 };
	size_t n_days = 0, n_labels = 0;
	make_dir();
	REQUIRE(sim_export(dir, &options, 3, &fault));
	REQUIRE(traffic_new(&options, &t, &fault));
	for (int64_t d = 0; d < 3; d++) {
		struct sim_day day;
		traffic_day(t, EPOCH / DAY_MS + d, &day);
		for (size_t i = 0; i < day.n_records; i++) {
			map_put(&arrival, day.records[i].report_id, NULL)->number = day.records[i].insert_ms;
			if (day.records[i].kind) {
				char *label = mem_printf("%s,%s,%s", day.records[i].report_id,
				    day.records[i].scenario, day.records[i].kind);
				map_put(&labelled, label, NULL);
				free(label);
				n_labels++;
			}
		}
		n_days += day.n_records;
		sim_day_free(&day);
	}
	FILE *cdrs = open_in("cdrs.jsonl");
	char *line = NULL;
	size_t capacity = 0, n_lines = 0;
	int64_t last = 0;
	for (ssize_t n; (n = getline(&line, &capacity, cdrs)) > 0; n_lines++) {
		json_auto_t *record = NULL;
		REQUIRE(json_parse(line, (size_t)n, &record, &fault));
		const union map_value *at = map_get(&arrival, json_str(record, "Report ID", ""));
		REQUIRE(at != NULL);
		CHECK(at->number >= last);
		last = at->number;
	}
	CHECK_INT(n_lines, n_days);
	fclose(cdrs);
	FILE *labels = open_in("labels.csv");
	REQUIRE(getline(&line, &capacity, labels) > 0);
	CHECK_STR(line, "report_id,scenario,kind\n");
	size_t matching = 0;
	while (getline(&line, &capacity, labels) > 0) {
		line[strcspn(line, "\n")] = '\0';
		CHECK(map_get(&labelled, line) != NULL);
		matching++;
	}
	CHECK_INT(matching, n_labels);
	CHECK(n_labels > 50);
	fclose(labels);
	free(line);
	map_clear(&arrival);
	map_clear(&labelled);
	traffic_free(t);
	remove_dir();
}

TEST(a_page_is_what_the_api_answers)
{
	struct traffic_options options = { .seed = 3, .n_users = 30, .epoch_ms = EPOCH, .scenario = "quiet_day" };
	struct traffic *t = NULL;
	struct fault fault = { 0 };
	struct sim_legs day;
	struct text out = { 0 };
	REQUIRE(traffic_new(&options, &t, &fault));
	traffic_legs(t, EPOCH / DAY_MS, &day);
	REQUIRE(day.n >= 3);
	sim_page_json(&out, (const struct sim_leg *const *)day.order, 3, traffic_org(t));
	json_auto_t *page = NULL;
	REQUIRE(json_parse(out.bytes, out.n, &page, &fault));
	CHECK_INT(json_array_size(json_object_get(page, "items")), 3);
	text_reset(&out);
	sim_page_json(&out, NULL, 0, traffic_org(t));
	CHECK_STR(out.bytes, "{\"items\":[]}");
	text_clear(&out);
	sim_legs_free(&day);
	traffic_free(t);
}

TEST(wrong_wishes_are_faults)
{
	struct traffic_options options = { .seed = 3, .n_users = 30, .epoch_ms = EPOCH };
	struct fault fault = { 0 };
	make_dir();
	CHECK(!sim_export(dir, &options, 0, &fault));
	CHECK_INT(fault.code, FAULT_USAGE);
	CHECK(!sim_export(dir, &options, 100000, &fault));
	CHECK(!sim_export("/proc/no/such/folder", &options, 1, &fault));
	CHECK_INT(fault.code, FAULT_SYSTEM);
	options.scenario = "nonsense";
	CHECK(!sim_export(dir, &options, 1, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	remove_dir();
}

TEST(a_full_disk_is_a_fault)
{
	/* /dev/full takes the first buffers and refuses the rest. */
	struct traffic_options options = { .seed = 3, .n_users = 60, .epoch_ms = EPOCH, .scenario = "quiet_day" };
	struct fault fault = { 0 };
	if (access("/dev/full", W_OK) != 0) {
		printf("skipped: no /dev/full\n");
		return;
	}
	make_dir();
	char *link = mem_printf("%s/cdrs.jsonl", dir);
	REQUIRE(symlink("/dev/full", link) == 0);
	CHECK(!sim_export(dir, &options, 1, &fault));
	CHECK_INT(fault.code, FAULT_FULL);
	free(link);
	remove_dir();
}

TESTS(T(an_export_is_the_days_in_order_of_arrival), T(a_page_is_what_the_api_answers),
    T(wrong_wishes_are_faults), T(a_full_disk_is_a_fault))
