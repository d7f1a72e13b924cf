/* SPDX-License-Identifier: Apache-2.0
 *
 * The keys, place by place, as the console's own table has them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/help.h"
#include "ui/keys.h"

/* Every key of `command` in `place`, and whether binding i is the first. */
static bool names_of(const struct keys *keys, size_t i, char *out, size_t capacity)
{
	const struct binding *b = &keys->bindings[i];
	size_t used = 0;
	out[0] = '\0';
	for (size_t k = 0; k < keys->n; k++) {
		const struct binding *other = &keys->bindings[k];
		char name[KEY_NAME_BYTES];
		if (other->place != b->place || other->command != b->command || strcmp(other->argument, b->argument) != 0)
			continue;
		if (k < i)
			return false;
		key_name(other->key, name);
		if (used + strlen(name) + 2 < capacity)
			used += (size_t)snprintf(out + used, capacity - used, "%s%s", used > 0 ? " " : "", name);
	}
	return true;
}

bool help_keys(struct sheet *sheet, const char *keys_file, struct fault *fault)
{
	struct keys keys;
	keys_init(&keys);
	bool ok = keys_file == NULL || *keys_file == '\0' || keys_read(&keys, keys_file, fault);
	for (enum place place = PLACE_GLOBAL; ok && place < N_PLACES; place++) {
		bool begun = false;
		for (size_t i = 0; i < keys.n; i++) {
			const struct binding *b = &keys.bindings[i];
			char names[80];
			if (b->place != place || b->command == CMD_NONE || !names_of(&keys, i, names, sizeof names))
				continue;
			if (!begun) {
				char *title = mem_printf("%s (%s)", place_title(place), place_name(place));
				sheet_heading(sheet, title);
				sheet_entries(sheet, _("key"), _("does"));
				free(title);
				begun = true;
			}
			char *help = mem_printf("%s (%s%s%s)", command_help(b->command), command_name(b->command),
			    b->argument[0] != '\0' ? " " : "", b->argument);
			sheet_entry(sheet, names, help);
			free(help);
		}
	}
	for (size_t i = 0; ok && i < keys.n_macros; i++) {
		char does[400];
		if (i == 0) {
			sheet_heading(sheet, _("Macros"));
			sheet_entries(sheet, _("name"), _("does"));
		}
		named_macro_print(&keys.macros[i], does, sizeof does);
		sheet_entry(sheet, keys.macros[i].name, does);
	}
	keys_clear(&keys);
	return ok;
}
