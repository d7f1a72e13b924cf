/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/guard.h"

#include <stdlib.h>

#include "base/mem.h"
#include "calls/directory.h"
#include "store/query.h"

bool guard_reload_directory(struct guard *guard, struct fault *fault)
{
	struct directory *fresh = directory_new();
	if (!query_directory(&guard->store->db, fresh, fault)) {
		directory_free(fresh);
		return false;
	}
	/* Holidays do not change while the program runs: they move over. */
	if (guard->directory != NULL) {
		struct map holidays = fresh->holidays;
		fresh->holidays = guard->directory->holidays;
		guard->directory->holidays = holidays;
		directory_free(guard->directory);
	}
	guard->directory = fresh;
	guard->intake.world.directory = fresh;
	return true;
}

bool guard_open(const struct guard_config *config, struct guard **out, struct fault *fault)
{
	struct guard *guard = mem_zalloc(sizeof *guard);
	guard->intake.keep_raw = config->keep_raw;
	if (!store_open(config->store, &guard->store, fault) ||
	    !numbering_open(config->data_folder, &guard->numbering, fault) ||
	    !guard_reload_directory(guard, fault) ||
	    !directory_read_holidays(guard->directory, config->data_folder, fault)) {
		guard_close(guard);
		return false;
	}
	guard->intake.world.numbering = guard->numbering;
	*out = guard;
	return true;
}

void guard_close(struct guard *guard)
{
	if (guard == NULL)
		return;
	intake_clear(&guard->intake);
	store_close(guard->store);
	if (guard->numbering != NULL)
		numbering_free(guard->numbering);
	if (guard->directory != NULL)
		directory_free(guard->directory);
	free(guard);
}

static void judge_page(void *arg, struct page *page)
{
	UNUSED(arg);
	UNUSED(page);
}

struct page_judge guard_judge(struct guard *guard)
{
	return (struct page_judge){ judge_page, guard };
}
