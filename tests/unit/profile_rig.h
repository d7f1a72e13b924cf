/* SPDX-License-Identifier: Apache-2.0
 *
 * Stores of two sites filled with records made by hand, and what is known of a
 * subject in them. Now is Wednesday 2026-11-04 17:30 UTC, 12:30 in Bogotá. */
#ifndef PROFILE_RIG_H
#define PROFILE_RIG_H

#include <stdlib.h>
#include <unistd.h>

#include "store_place.h"
#include "test.h"

#include "base/iso_time.h"
#include "base/mem.h"
#include "base/places.h"
#include "calls/directory.h"
#include "net/file.h"
#include "store/directory_rows.h"
#include "store/query.h"
#include "watch/import.h"

#define NOW    civil_to_ms(2026, 11, 4, 17, 30, 0, 0)
#define ANA    "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e"
#define LUIS   "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4f"
#define DAN    "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d51"
#define BOGOTA "7c6b5a49-3827-4165-a0b1-c2d3e4f50617"
#define DENVER "7c6b5a49-3827-4165-a0b1-c2d3e4f50618"

static char folder[] = "/tmp/centinela-profile-XXXXXX";
static int n_stores, n_records;
static struct text records; /* not yet imported; a line each */

static char store_address[256]; /* of the newest */

static inline struct store *fresh(void)
{
	struct store *store;
	struct fault fault;
	if (n_stores == 0)
		REQUIRE(mkdtemp(folder) != NULL);
	snprintf(store_address, sizeof store_address, "%s/%d.db", folder, n_stores++);
	store_place(store_address);
	REQUIRE(store_open(store_address, &store, &fault));
	return store;
}

/* All the records, none of which may be refused; `keep_raw`: as they came, too. */
static inline void import_all(struct store *store, bool keep_raw)
{
	struct import_counts counts;
	struct numbering *numbering;
	struct fault fault;
	char path[64];
	REQUIRE(numbering_open(CENTINELA_SOURCE_DATA, &numbering, &fault));
	struct intake intake = { .world = { .numbering = numbering }, .keep_raw = keep_raw };
	snprintf(path, sizeof path, "%s/lines.jsonl", folder);
	const char *paths[] = { path };
	struct import_options options = { .paths = paths, .n_paths = 1 };
	REQUIRE(file_write(path, records.bytes, records.n, 0600, &fault));
	REQUIRE(import_run(store, &intake, NULL, &options, &counts, &fault));
	CHECK_INT(counts.n_rejected, 0);
	intake_clear(&intake);
	numbering_free(numbering);
	text_clear(&records);
	n_records = 0;
}

static inline void add_person(struct directory *directory, char *uuid, char *name, char *site, char *extension)
{
	struct person person = { .uuid = uuid, .name = name, .email = (char[]){ "" }, .site_uuid = site, .extension = extension, .number = (char[]){ "" }, .team = (char[]){ "" } };
	directory_add_person(directory, &person);
}

static inline void add_two_sites(struct directory *directory)
{
	char bogota[] = BOGOTA, denver[] = DENVER, none[] = "";
	char zones[2][24] = { "America/Bogota", "America/Denver" }, names[2][16] = { "Colombia", "Denver" };
	struct site site = { .uuid = bogota, .name = names[0], .country = "CO", .zone_name = zones[0], .routing_prefix = none, .main_number = none };
	directory_add_site(directory, &site);
	site = (struct site){ .uuid = denver, .name = names[1], .country = "US", .zone_name = zones[1], .routing_prefix = none, .main_number = none };
	directory_add_site(directory, &site);
}

static struct arena arena; /* of the last profile */
static inline struct profile profile_of(struct store *store, enum subject_kind kind, const char *id)
{
	struct profile profile;
	struct fault fault;
	arena_clear(&arena);
	arena_init(&arena);
	if (!query_profile(&store->db, kind, id, NOW, &arena, &profile, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return profile;
}

static inline int64_t sum(const int64_t *counts, size_t n)
{
	int64_t total = 0;
	for (size_t i = 0; i < n; i++)
		total += counts[i];
	return total;
}

static inline void take_folder_away(void)
{
	char command[64];
	arena_clear(&arena);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

#endif
