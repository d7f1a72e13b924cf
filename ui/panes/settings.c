/* SPDX-License-Identifier: Apache-2.0
 *
 * Settings: what is in force, who said it, what the file says; Enter changes one
 * there. Reading and writing are errands; what can be is in force at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/language.h"
#include "ui/mask.h"
#include "ui/setting_forms.h"
#include "ui/themes.h"

struct view {
	struct list list;
	size_t *shown; /* settings that the filter lets through */
	size_t n_shown;
	char filter[128];
	struct settings_file file;
	bool read;
};

static struct settings *settings_of(const struct pane *pane)
{
	return pane->screen->settings;
}

static const struct setting *selected(struct pane *pane)
{
	struct view *view = pane->memory;
	size_t i = view->list.selected;
	return i < view->n_shown ? &settings_of(pane)->items[view->shown[i]] : NULL;
}

/* What the file says; NULL: nothing. */
static const char *in_file(const struct view *view, size_t i)
{
	return view->read ? view->file.said[i].value : NULL;
}

/* ---- rows ---------------------------------------------------------------------------- */

static bool has(const char *text, const char *part)
{
	return strcasestr(text, part) != NULL;
}

static void narrow(struct pane *pane)
{
	struct view *view = pane->memory;
	const struct settings *settings = settings_of(pane);
	int64_t *ids = mem_alloc((settings->n + 1) * sizeof *ids);
	view->n_shown = 0;
	for (size_t i = 0; i < settings->n; i++) {
		if (!has(settings->items[i].key, view->filter) && !has(_(settings->items[i].help), view->filter))
			continue;
		ids[view->n_shown] = (int64_t)i + 1;
		view->shown[view->n_shown++] = i;
	}
	list_set(&view->list, ids, view->n_shown);
	free(ids);
	pane->screen->dirt++;
}

/* ---- the file: read --------------------------------------------------------------------- */

/* The view may be gone, or another one be there, when an answer comes: it is looked
 * for, not pointed at. Of several the uppermost is the one that was asked. */
static struct pane *settings_view(struct screen *screen)
{
	for (size_t i = screen != NULL ? screen->n_views : 0; i-- > 0;)
		if (screen->views[i]->type == &view_settings)
			return screen->views[i];
	return NULL;
}

/* This one, if it is there still. */
static struct pane *same_view(struct screen *screen, const struct pane *pane)
{
	for (size_t i = 0; screen != NULL && i < screen->n_views; i++)
		if (screen->views[i] == pane && pane->type == &view_settings)
			return screen->views[i];
	return NULL;
}

struct reading {
	struct errand errand;
	const struct pane *of;	   /* it may be gone */
	struct settings *settings; /* lives longer than any console */
	struct settings_file file;
	struct fault fault;
};

static void read_work(struct errand *errand)
{
	struct reading *reading = (struct reading *)errand;
	bool ok = settings_file_read(reading->settings, &reading->file, &reading->fault);
	UNUSED(ok);
}

static void read_done(struct errand *errand, struct screen *screen)
{
	struct reading *reading = (struct reading *)errand;
	struct pane *pane = same_view(screen, reading->of);
	if (pane != NULL) {
		struct view *view = pane->memory;
		settings_file_clear(&view->file);
		view->read = reading->fault.code == FAULT_NONE;
		if (view->read) {
			view->file = reading->file;
			reading->file = (struct settings_file){ 0 };
		}
		pane_answered(pane, view->read ? NULL : &reading->fault);
	}
	settings_file_clear(&reading->file);
	free(reading);
}

static void read_anew(struct pane *pane)
{
	struct settings *settings = settings_of(pane);
	if (settings->path == NULL)
		return;
	struct reading *reading = mem_zalloc(sizeof *reading);
	*reading = (struct reading){ .errand = { .work = read_work, .done = read_done }, .of = pane, .settings = settings };
	pane->waiting = true;
	screen_errand(pane->screen, &reading->errand);
}

/* ---- the file: changed -------------------------------------------------------------------- */

static bool is_true(const char *value)
{
	return text_equal_nocase(value, "true") || text_equal_nocase(value, "yes");
}

/* In force now; false: after a restart. */
static bool apply(struct screen *screen, struct setting *setting, const char *value)
{
	if (!setting_is_live(setting))
		return false;
	if (strcmp(setting->key, "language") == 0) {
		screen_language(screen, value);
	} else if (strcmp(setting->key, "console.theme") == 0) {
		screen_theme(screen, *value != '\0' ? value : setting->otherwise);
	} else if (strcmp(setting->key, "console.keys") == 0) {
		reload_keys(screen, value);
	} else if (strcmp(setting->key, "console.mask_numbers") == 0) {
		if (screen->masked != is_true(value))
			mask_toggle(screen);
		screen->masked_by_rule |= is_true(value);
	} else if (strcmp(setting->key, "console.mouse") == 0) {
		screen->wishes.mouse = is_true(value);
		screen->wishes.mouse_changed = true;
	} else if (strcmp(setting->key, "console.sticky_filters") == 0) {
		screen->sticky_filters = is_true(value);
	} else if (strcmp(setting->key, "console.attention") == 0) {
		snprintf(screen->wishes.attention, sizeof screen->wishes.attention, "%s", value);
		screen->wishes.attention_changed = true;
	}
	free(setting->value);
	setting->value = mem_strdup(value);
	setting->source = SETTING_BY_FILE;
	return true;
}

struct putting {
	struct errand errand;
	struct settings *settings;
	struct settings_file was;
	size_t i;
	char *value;
	struct fault fault;
};

static void put_work(struct errand *errand)
{
	struct putting *put = (struct putting *)errand;
	bool ok = settings_file_put(put->settings, &put->was, put->settings->items[put->i].key, put->value, &put->fault);
	UNUSED(ok);
}

static void put_done(struct errand *errand, struct screen *screen)
{
	struct putting *put = (struct putting *)errand;
	struct setting *setting = &put->settings->items[put->i];
	if (screen != NULL && put->fault.code != FAULT_NONE) {
		screen_message(screen, ROLE_ERROR, "%s", put->fault.text);
	} else if (screen != NULL) {
		bool live = apply(screen, setting, put->value);
		screen_message(screen, ROLE_OK, live ? _("%s is set, and kept in %s.") : _("%s is kept in %s; it is in force after a restart."),
		    setting->key, put->settings->path);
	}
	for (size_t i = 0; screen != NULL && i < screen->n_views; i++)
		if (screen->views[i]->type == &view_settings)
			read_anew(screen->views[i]);
	settings_file_clear(&put->was);
	free(put->value);
	free(put);
}

static void change(struct screen *screen, size_t i, const char *value)
{
	struct pane *pane = settings_view(screen);
	if (pane == NULL)
		return;
	struct view *view = pane->memory;
	struct putting *put = mem_zalloc(sizeof *put);
	*put = (struct putting){ .errand = { .work = put_work, .done = put_done, .promised = true }, .settings = settings_of(pane),
		.i = i, .value = mem_strdup(value) };
	put->was = view->file; /* it is read anew afterwards */
	view->file = (struct settings_file){ 0 };
	view->read = false;
	pane->waiting = true;
	screen_errand(screen, &put->errand);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static bool check(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	struct pane *pane = arg;
	const struct setting *setting = selected(pane);
	*offset = 0;
	return setting == NULL || setting_check(settings_of(pane), setting->key, text, fault);
}

static void on_text(struct screen *screen, void *arg, const char *text)
{
	struct pane *pane = settings_view(screen);
	if (text == NULL || pane == NULL || pane != arg || selected(pane) == NULL)
		return;
	/* One sees nothing of a secret, and so cannot mean to empty it. */
	if (screen->prompt.hidden && *text == '\0')
		screen_refuse(screen, _("Nothing was typed: %s stays as it is."), selected(pane)->key);
	else
		change(screen, ((struct view *)pane->memory)->shown[((struct view *)pane->memory)->list.selected], text);
}

static void on_choice(struct screen *screen, void *arg, const struct menu_item *item)
{
	change(screen, *(size_t *)arg, item->text);
}

static void on_theme(struct screen *screen, const char *name)
{
	struct pane *pane = settings_view(screen);
	for (size_t i = 0; pane != NULL && i < settings_of(pane)->n; i++)
		if (strcmp(settings_of(pane)->items[i].key, "console.theme") == 0)
			change(screen, i, name);
}

static void add_choice(struct menu *menu, uint32_t key, const char *value, const char *label)
{
	menu_add(menu, key, 0, label);
	snprintf(menu->items[menu->n - 1].text, sizeof menu->items[0].text, "%s", value);
}

static void ask_choice(struct pane *pane, size_t i, const char *now)
{
	struct screen *screen = pane->screen;
	const struct setting *setting = &settings_of(pane)->items[i];
	size_t *arg = mem_dup(&i, sizeof i);
	struct menu *menu = screen_menu(screen, setting->key, on_choice, arg);
	if (strcmp(setting->key, "language") == 0) {
		add_choice(menu, '1', "es", "es");
		add_choice(menu, '2', "en", "en");
		add_choice(menu, '3', "", _("what the environment says"));
	} else {
		add_choice(menu, '1', "true", "true");
		add_choice(menu, '2', "false", "false");
	}
	for (size_t k = 0; k < menu->n; k++)
		if (strcmp(menu->items[k].text, now) == 0)
			menu->selected = k;
}

static void edit(struct pane *pane)
{
	struct view *view = pane->memory;
	struct screen *screen = pane->screen;
	const struct setting *setting = selected(pane);
	char label[80];
	if (setting == NULL)
		return;
	if (desk_read_only(screen->board->desk)) {
		screen_message(screen, ROLE_WARN, "%s", _("This console is read-only."));
		return;
	}
	if (settings_of(pane)->path == NULL) {
		screen_message(screen, ROLE_WARN, "%s", _("There is no configuration file to be changed here."));
		return;
	}
	if (!view->read) { /* its fault stands there */
		screen_message(screen, pane->waiting ? ROLE_TEXT : ROLE_WARN, "%s", pane->waiting ? _("The file is being read.") : pane->fault.text);
		return;
	}
	size_t i = view->shown[view->list.selected];
	const char *now = in_file(view, i) != NULL ? in_file(view, i) : setting->value;
	if (strcmp(setting->key, "console.theme") == 0) {
		themes_menu(screen, on_theme);
		return;
	}
	if (setting->kind == SETTING_BOOL || strcmp(setting->key, "language") == 0) {
		ask_choice(pane, i, now);
		return;
	}
	/* A secret is not shown, not even to be changed: it is typed anew. */
	bool secret = setting_is_secret(setting, now);
	snprintf(label, sizeof label, "%s:", setting->key);
	screen_prompt(screen, label, secret ? "" : now, NULL, check, pane, on_text, pane);
	screen->prompt.hidden = secret;
}

/* ---- the pane ------------------------------------------------------------------------------------ */

static const struct list_column columns[] = {
	{ N_("setting"), 28, 0, 0, false, 0 },
	{ N_("in force"), 18, 3, 0, false, 0 },
	{ N_("said by"), 12, 0, 0, false, 0 },
	{ N_("in the file"), 15, 2, 1, false, 0 },
};
enum { COL_KEY, COL_NOW, COL_BY, COL_FILE };

static void draw_row(struct pane *pane, struct canvas *canvas, int row, size_t k, const struct list_place *at)
{
	const struct view *view = pane->memory;
	size_t i = view->shown[k];
	const struct setting *setting = &settings_of(pane)->items[i];
	const char *file = in_file(view, i);
	char text[LONG_BYTES];
	bool by_default = setting->source == SETTING_BY_DEFAULT;
	canvas_text(canvas, row, at[COL_KEY].col, at[COL_KEY].cols, by_default ? ROLE_TEXT : ROLE_STRONG, setting->key);
	canvas_text(canvas, row, at[COL_NOW].col, at[COL_NOW].cols, by_default ? ROLE_DIM : ROLE_STRONG,
	    setting_shown(setting, setting->value, text, sizeof text));
	if (setting->source == SETTING_BY_FILE && file != NULL)
		snprintf(text, sizeof text, _("line %d"), view->file.said[i].line);
	else
		snprintf(text, sizeof text, "%s", by_default ? _("default") : setting->source == SETTING_BY_FILE ? _("file") : _("command line"));
	canvas_text(canvas, row, at[COL_BY].col, at[COL_BY].cols, ROLE_DIM, text);
	/* Only where it is something else than what is in force. */
	if (file != NULL && strcmp(file, setting->value) != 0)
		canvas_text(canvas, row, at[COL_FILE].col, at[COL_FILE].cols, ROLE_WARN, setting_shown(setting, file, text, sizeof text));
}

static void draw_help(struct pane *pane, struct canvas *canvas, int row)
{
	const struct setting *setting = selected(pane);
	int cols = canvas->clip.cols;
	if (setting == NULL)
		return;
	char *said = setting_described(setting->help, setting->otherwise, setting->allows, "");
	canvas_wrap(canvas, row, 2, cols - 3, 2, ROLE_DIM, said);
	free(said);
	if (!setting_is_live(setting) && settings_of(pane)->path != NULL)
		canvas_text(canvas, row + 2, 2, cols - 3, ROLE_DIM, _("A change is in force after a restart."));
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct view *view = pane->memory;
	struct box all = canvas->clip;
	int help = all.rows > 10 ? 4 : 0;
	struct box old = canvas_enter(canvas, (struct box){ 0, 0, all.rows - help, all.cols });
	pane_draw_list(pane, canvas, &view->list, columns, COUNT_OF(columns), COL_KEY, focused, _("No setting has that in it."), draw_row);
	canvas_leave(canvas, old);
	if (help > 0)
		draw_help(pane, canvas, all.rows - help + 1);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct settings *settings = settings_of(pane);
	if (settings->path != NULL)
		text_printable(out, capacity, settings->path, strlen(settings->path));
	else
		snprintf(out, capacity, "%s", _("no file"));
}

static bool command(struct pane *pane, enum command command)
{
	if (command != CMD_OPEN)
		return false;
	edit(pane);
	return true;
}

static size_t text(struct pane *pane, char *out, size_t capacity)
{
	const struct setting *setting = selected(pane);
	char shown[LONG_BYTES];
	if (setting == NULL)
		return 0;
	snprintf(out, capacity, "%s: %s", setting->key, setting_shown(setting, setting->value, shown, sizeof shown));
	return strlen(out);
}

static const char *filter(struct pane *pane)
{
	return ((struct view *)pane->memory)->filter;
}

static void set_filter(struct pane *pane, const char *words)
{
	struct view *view = pane->memory;
	snprintf(view->filter, sizeof view->filter, "%s", words);
	list_restart(&view->list);
	narrow(pane);
}

static void open_settings(struct pane *pane, int64_t id)
{
	UNUSED(id);
	struct view *view = pane->memory;
	view->shown = mem_alloc((settings_of(pane)->n + 1) * sizeof *view->shown);
	narrow(pane);
}

/* Its first reading: not while it is opened, the answer looks for it. */
static void refresh(struct pane *pane)
{
	if (!pane->answered && !pane->waiting)
		read_anew(pane);
}

static void close_settings(struct pane *pane)
{
	struct view *view = pane->memory;
	settings_file_clear(&view->file);
	free(view->shown);
	list_clear(&view->list);
}

static struct list *get_list(struct pane *pane)
{
	return &((struct view *)pane->memory)->list;
}

const struct pane_type view_settings = {
	.name = "settings", .title = N_("Settings"), .place = PLACE_SETTINGS, .memory = sizeof(struct view),
	.open = open_settings, .close = close_settings, .refresh = refresh, .draw = draw, .summary = summary,
	.command = command, .list = get_list, .text = text, .filter = filter, .set_filter = set_filter,
};
