/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person arranges is in force at once, and on its way to a file. */
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "ui/screen.h"

void looks_begin(struct screen *screen, const char *path)
{
	struct fault fault = { 0 };
	if (path == NULL)
		return;
	if (!looks_read(path, &screen->looks, &fault)) { /* nor is it written over */
		log_unusual("%s", fault.text);
		screen_message(screen, ROLE_WARN, "%s", fault.text);
		return;
	}
	screen->looks_file = mem_strdup(path);
}

struct look_errand {
	struct errand errand;
	char *path, *section, *name, *value;
	struct fault fault;
};

static void look_work(struct errand *errand)
{
	struct look_errand *look = (struct look_errand *)errand;
	if (!looks_file_put(look->path, look->section, look->name, look->value, &look->fault))
		log_unusual("%s", look->fault.text);
}

static void look_done(struct errand *errand, struct screen *screen)
{
	struct look_errand *look = (struct look_errand *)errand;
	if (screen != NULL && look->fault.code != FAULT_NONE)
		screen_message(screen, ROLE_ERROR, _("not kept: %s"), look->fault.text);
	free(look->path);
	free(look->section);
	free(look->name);
	free(look->value);
	free(look);
}

void screen_look(struct screen *screen, const char *section, const char *name, const char *value, bool keep)
{
	struct fault fault;
	screen->dirt++;
	if (!looks_put(&screen->looks, section, name, value, &fault)) {
		screen_message(screen, ROLE_ERROR, "%s", fault.text);
		return;
	}
	if (!keep || screen->looks_file == NULL)
		return;
	struct look_errand *look = mem_zalloc(sizeof *look);
	*look = (struct look_errand){ .errand = { .work = look_work, .done = look_done, .promised = true },
		.path = mem_strdup(screen->looks_file), .section = mem_strdup(section), .name = mem_strdup(name), .value = mem_strdup(value) };
	screen_errand(screen, &look->errand);
}

int screen_pitch(const struct screen *screen)
{
	return looks_get(&screen->looks, "rows", "roomy") != NULL ? 2 : 1;
}
