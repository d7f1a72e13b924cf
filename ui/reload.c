/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/reload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/mem.h"
#include "ui/screen.h"

#define EVERY_MS 2000

struct look {
	struct errand errand;
	struct file_stamp theme_was, keys_was, theme_is, keys_is;
	char *theme_path, *keys_path; /* NULL: none */
	bool keys_anew;
	bool theme_read, keys_read; /* they were read again */
	struct theme theme;
	struct keys keys;
	struct fault theme_fault, keys_fault;
};

static struct file_stamp stamp_of(const char *path)
{
	struct stat st;
	if (path == NULL || stat(path, &st) != 0)
		return (struct file_stamp){ 0 };
	return (struct file_stamp){ (int64_t)st.st_ino, (int64_t)st.st_size, (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec };
}

static bool is_known(const struct file_stamp *stamp)
{
	return stamp->inode != 0;
}

static bool differs(const struct file_stamp *was, const struct file_stamp *is)
{
	/* One that is gone may be in the middle of being replaced. */
	return is_known(was) && is_known(is) &&
	    (was->inode != is->inode || was->size != is->size || was->changed_ns != is->changed_ns);
}

static void work(struct errand *errand)
{
	struct look *look = (struct look *)errand;
	look->theme_is = stamp_of(look->theme_path);
	look->keys_is = stamp_of(look->keys_path);
	look->theme_read = differs(&look->theme_was, &look->theme_is);
	look->keys_read = look->keys_anew || differs(&look->keys_was, &look->keys_is);
	if (look->theme_read && !theme_read(look->theme_path, &look->theme, &look->theme_fault))
		log_unusual("%s", look->theme_fault.text);
	if (!look->keys_read)
		return;
	keys_init(&look->keys);
	if (look->keys_path != NULL && !keys_read(&look->keys, look->keys_path, &look->keys_fault))
		log_unusual("%s", look->keys_fault.text);
}

static void remember(struct file_stamp *stamp, const struct file_stamp *is)
{
	if (is_known(is))
		*stamp = *is;
}

static void done(struct errand *errand, struct screen *screen)
{
	struct look *look = (struct look *)errand;
	struct reload *reload = screen != NULL ? &screen->reload : NULL;
	/* A macro that plays goes by the keys it began with: they are read again after it. */
	bool busy = screen != NULL && look->keys_read && macro_is_playing(screen);
	/* Meanwhile another theme may have been chosen. */
	bool same_theme = reload != NULL && look->theme_path != NULL && strcmp(reload->theme_path, look->theme_path) == 0;
	if (reload != NULL) {
		reload->looking = false;
		if (same_theme)
			remember(&reload->theme, &look->theme_is);
		if (!busy) {
			remember(&reload->keys, &look->keys_is);
			reload->keys_anew = false;
		}
	}
	if (screen != NULL && look->theme_read && same_theme) {
		if (look->theme_fault.code == FAULT_NONE) {
			screen->theme = look->theme;
			screen->wishes.restyle = true;
			screen_message(screen, ROLE_TEXT, _("The file of the theme %s changed: it is read again."), screen->theme.name);
		} else {
			screen_message(screen, ROLE_ERROR, "%s", look->theme_fault.text);
		}
	}
	if (screen != NULL && look->keys_read && !busy) {
		if (look->keys_fault.code == FAULT_NONE) {
			struct keys before = screen->keys;
			screen->keys = look->keys;
			look->keys = before;
			screen_message(screen, ROLE_TEXT, "%s", _("The key file is read again."));
		} else {
			screen_message(screen, ROLE_ERROR, "%s", look->keys_fault.text);
		}
	}
	keys_clear(&look->keys);
	free(look->theme_path);
	free(look->keys_path);
	free(look);
}

void reload_tick(struct screen *screen)
{
	struct reload *reload = &screen->reload;
	if (reload->looking || (!reload->keys_anew && screen->steady_ms - reload->looked_ms < EVERY_MS))
		return;
	char *path = theme_path(screen->themes_folder, screen->theme_name, NULL);
	if (strcmp(or_empty(path), reload->theme_path) != 0) { /* another theme was chosen */
		snprintf(reload->theme_path, sizeof reload->theme_path, "%s", or_empty(path));
		reload->theme = (struct file_stamp){ 0 };
	}
	struct look *look = mem_zalloc(sizeof *look);
	*look = (struct look){ .errand = { .work = work, .done = done }, .theme_was = reload->theme, .keys_was = reload->keys,
		.theme_path = path, .keys_path = mem_strdup(screen->keys_file), .keys_anew = reload->keys_anew };
	reload->looking = true;
	reload->looked_ms = screen->steady_ms;
	screen_errand(screen, &look->errand);
}

void reload_keys(struct screen *screen, const char *path)
{
	free(screen->keys_file);
	screen->keys_file = *path != '\0' ? mem_strdup(path) : NULL;
	screen->reload.keys = (struct file_stamp){ 0 };
	screen->reload.keys_anew = true;
}
