/* SPDX-License-Identifier: Apache-2.0
 *
 * Views that are text: a record as Webex sent it, the log, the help. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mask.h"
#include "base/mem.h"
#include "ui/screen.h"

struct text_view {
	struct document document;
	struct text raw;
	struct text shown; /* the raw text as it may be seen here: masked or whole */
	uint64_t made_of;
};

static const struct target nowhere = { TARGET_NONE, 0 };

static void close_text(struct pane *pane)
{
	struct text_view *view = pane->memory;
	document_clear(&view->document);
	text_clear(&view->raw);
	text_clear(&view->shown);
}

/* ---- a record as Webex sent it ---------------------------------------------------- */

static void on_raw(void *arg, const char *json, const struct fault *fault)
{
	struct pane *pane = arg;
	struct text_view *view = pane->memory;
	pane_answered(pane, fault);
	if (json == NULL)
		return;
	text_reset(&view->raw);
	text_puts(&view->raw, json);
	view->document.width = 0;
}

/* A record is no way around the mask; the key that unmasks is, and is audited. */
static void show_raw(const struct pane *pane, struct text_view *view)
{
	text_reset(&view->shown);
	if (pane->screen->masked)
		mask_text(text_string(&view->raw), &view->shown);
	else
		text_puts(&view->shown, text_string(&view->raw));
	view->made_of = pane->screen->masked;
}

static void refresh_raw(struct pane *pane)
{
	if (pane_may_ask(pane, 1, 1000)) /* a record never changes */
		history_raw(pane_board(pane)->history, pane->id, on_raw, pane);
}

/* `  "Key": value` in two roles; long values go on below. */
static void json_line(struct document *d, const char *line)
{
	size_t indent = strspn(line, " ");
	const char *colon = line[indent] == '"' ? strstr(line + indent, "\": ") : NULL;
	document_line(d, nowhere);
	if (colon == NULL) {
		document_wrap(d, 1 + (int)MIN(indent, (size_t)16), ROLE_JSON_VALUE, line + indent);
		return;
	}
	char key[128], printable[128];
	snprintf(key, sizeof key, "%.*s", (int)MIN((size_t)(colon + 2 - line) - indent, sizeof key - 1),
	    line + indent);
	text_printable(printable, sizeof printable, key, strlen(key));
	int col = 1 + (int)MIN(indent, (size_t)16);
	document_put(d, col, -1, ROLE_JSON_KEY, printable);
	document_wrap(d, MIN(col + MAX(text_width(printable) + 1, 34), d->width / 2), ROLE_JSON_VALUE,
	    colon + 3);
}

static void draw_raw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct text_view *view = pane->memory;
	struct document *d = &view->document;
	if (view->raw.n == 0) {
		pane_draw_nothing(pane, canvas, 1, "");
		return;
	}
	if (d->width != canvas->clip.cols || view->made_of != pane->screen->masked) {
		show_raw(pane, view);
		document_begin(d, canvas->clip.cols);
		const char *at = text_string(&view->shown);
		while (*at != '\0') {
			size_t n = strcspn(at, "\n");
			char *line = mem_strndup(at, MIN(n, (size_t)65536));
			json_line(d, line);
			free(line);
			at += n + (at[n] == '\n');
		}
		document_end(d);
	}
	document_draw(d, canvas, focused);
}

static size_t raw_text(struct pane *pane, char *out, size_t capacity)
{
	struct text_view *view = pane->memory;
	show_raw(pane, view);
	view->document.width = 0;
	size_t n = MIN(view->shown.n, capacity);
	memcpy(out, text_string(&view->shown), n);
	return n;
}

const struct pane_type view_raw = {
	.name = "raw", .title = N_("Record as Webex sent it"), .place = PLACE_TEXT,
	.memory = sizeof(struct text_view), .close = close_text, .refresh = refresh_raw,
	.document = PANE_DOCUMENT(text_view), .draw = draw_raw, .text = raw_text,
};

/* ---- log ------------------------------------------------------------------------------ */

static void draw_log(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct text_view *view = pane->memory;
	struct document *d = &view->document;
	const char *label;
	const struct zone *zone = zones_current(&pane->screen->zones, &label);
	uint64_t made_of = log_version() + ((uint64_t)pane->screen->zones.current << 48);
	if (d->width != canvas->clip.cols || view->made_of != made_of) {
		bool at_end = d->n_shown == 0 || d->list.selected + 1 >= d->n_shown;
		struct log_line *lines = mem_alloc(1000 * sizeof *lines);
		size_t n = log_recent(lines, 1000);
		document_begin(d, canvas->clip.cols);
		for (size_t i = 0; i < n; i++) {
			char clock[SHORT_BYTES];
			enum role role = lines[i].level == LOG_BROKEN ? ROLE_ERROR :
			    lines[i].level == LOG_UNUSUAL ? ROLE_WARN : ROLE_DIM;
			document_line(d, nowhere);
			document_put(d, 1, 8, ROLE_DIM, format_clock(zone, lines[i].at_ms, clock));
			document_put(d, 10, 8, role, log_level_name(lines[i].level));
			document_wrap(d, 19, ROLE_TEXT, lines[i].text);
		}
		free(lines);
		document_end(d);
		if (at_end) /* follow, until somebody looks further up */
			document_command(d, CMD_BOTTOM);
		view->made_of = made_of;
	}
	if (d->n == 0)
		canvas_text(canvas, 1, 2, canvas->clip.cols, ROLE_DIM, _("Nothing to tell yet."));
	document_draw(d, canvas, focused);
}

const struct pane_type view_log = {
	.name = "log", .title = N_("Log"), .place = PLACE_TEXT, .memory = sizeof(struct text_view),
	.document = PANE_DOCUMENT(text_view), .close = close_text, .draw = draw_log,
};

/* ---- help: the live key table ----------------------------------------------------------- */

static void help_place(struct pane *pane, struct document *d, enum place place, enum place from)
{
	const struct keys *keys = &pane->screen->keys;
	bool any = false;
	for (int c = 1; c < N_COMMANDS; c++) {
		enum command command = (enum command)c;
		char names[64];
		bool here = false;
		for (size_t i = 0; i < keys->n; i++)
			here |= keys->bindings[i].place == place && keys->bindings[i].command == command &&
			    keys->bindings[i].argument[0] == '\0' && keys_reaches(keys, from, &keys->bindings[i]);
		if (!here)
			continue;
		if (!any)
			document_heading(d, place_title(place));
		any = true;
		document_line(d, (struct target){ TARGET_COMMAND, c });
		document_put(d, 3, 18, ROLE_KEY, keys_names(keys, from, command, names, sizeof names));
		int width = d->width;
		if (width >= 90)
			document_printf(d, 68, -1, ROLE_DIM, ":%s%s%s", command_name(command),
			    *command_usage(command) != '\0' ? " " : "", command_usage(command));
		d->width = width >= 90 ? 66 : width; /* no sentence ends in the middle */
		document_wrap(d, 22, ROLE_TEXT, screen_help(pane->screen, command));
		d->width = width;
	}
	/* A person's keys that say beforehand what would have been asked. */
	for (size_t i = 0; i < keys->n; i++) {
		const struct binding *b = &keys->bindings[i];
		char key[KEY_NAME_BYTES];
		if (b->place != place || b->argument[0] == '\0' || !keys_reaches(keys, from, b))
			continue;
		document_line(d, nowhere);
		document_put(d, 3, 18, ROLE_KEY, key_name(b->key, key));
		document_printf(d, 22, -1, ROLE_TEXT, ":%s %s", command_name(b->command), b->argument);
	}
}

/* By the keys that are bound: a count is no command, and stands in no table. */
static void help_counts(struct pane *pane, struct document *d, enum place from)
{
	static const struct {
		const char *count;
		enum command command;
		const char *does;
	} rows[] = { { "5", CMD_DOWN, N_("so far, so often") }, { "012", CMD_TOP, N_("to that row") },
		{ "03", CMD_CLOSE, N_("so many rows from here; so does every act") },
		{ "09", CMD_PLAY, N_("a macro so often") } };
	bool any = false;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint32_t key = keys_of(&pane->screen->keys, from, rows[i].command);
		char name[KEY_NAME_BYTES];
		if (key == 0)
			continue;
		if (!any)
			document_heading(d, _("Counts: 5 to 9 begin one, before 1 to 4 stands 0 or Alt"));
		any = true;
		document_line(d, nowhere);
		document_printf(d, 3, 18, ROLE_KEY, "%s %s", rows[i].count, key_name(key, name));
		document_put(d, 22, -1, ROLE_TEXT, _(rows[i].does));
	}
}

static void help_macros(struct pane *pane, struct document *d)
{
	const struct keys *keys = &pane->screen->keys;
	char key[KEY_NAME_BYTES], text[200];
	bool any = false;
	for (char letter = 'a'; letter <= 'z'; letter++) {
		if (macro_recorded(pane->screen, letter, text, sizeof text) == 0)
			continue;
		if (!any)
			document_heading(d, _("Macros"));
		any = true;
		document_line(d, nowhere);
		document_printf(d, 3, 18, ROLE_KEY, "%s %c", screen_key_name(pane->screen, CMD_PLAY, key), letter);
		document_put(d, 22, -1, ROLE_TEXT, text);
	}
	for (size_t i = 0; i < keys->n_macros; i++) {
		if (!any)
			document_heading(d, _("Macros"));
		any = true;
		document_line(d, nowhere);
		document_printf(d, 3, 18, ROLE_KEY, ":play %s", keys->macros[i].name);
		named_macro_print(&keys->macros[i], text, sizeof text);
		document_put(d, 22, -1, ROLE_TEXT, text);
	}
}

static void draw_help(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct text_view *view = pane->memory;
	struct document *d = &view->document;
	if (d->width != canvas->clip.cols) {
		enum place chain[PLACES_DEEP], from = (enum place)pane->id;
		size_t n = place_chain(from, chain);
		document_begin(d, canvas->clip.cols);
		for (size_t i = 0; i < n; i++)
			help_place(pane, d, chain[i], from);
		help_counts(pane, d, from);
		help_macros(pane, d);
		document_heading(d, _("Signs"));
		for (int s = SEVERITY_CRITICAL; s >= SEVERITY_LOW; s--) {
			document_line(d, nowhere);
			document_put(d, 3, 18, severity_role((enum severity)s), severity_badge((enum severity)s));
			document_printf(d, 22, -1, ROLE_TEXT, _("to be seen within %d minutes"),
			    (int)(triage_sla_ms((enum severity)s) / MINUTE_MS));
		}
		for (int s = ALERT_IN_PROGRESS; s <= ALERT_CLOSED; s++) {
			document_line(d, nowhere);
			document_put(d, 3, 18, state_role((enum alert_state)s), state_sign((enum alert_state)s));
			document_put(d, 22, -1, ROLE_TEXT, state_word((enum alert_state)s));
		}
		document_line(d, nowhere);
		document_put(d, 3, 18, ROLE_ERROR, "12m!");
		document_put(d, 22, -1, ROLE_TEXT, _("waits longer than that"));
		document_line(d, nowhere);
		document_put(d, 3, 18, ROLE_WARN, "5m\u25BE");
		document_put(d, 22, -1, ROLE_TEXT, _("less than a quarter of that is left"));
		document_line(d, nowhere);
		document_put(d, 3, 18, ROLE_STRONG, "+3");
		document_put(d, 22, -1, ROLE_TEXT, _("so many more alerts in its case"));
		document_line(d, nowhere);
		document_put(d, 3, 18, ROLE_WARN, "\u2260");
		document_put(d, 22, -1, ROLE_TEXT, _("a number that looks domestic and is not"));
		document_end(d);
	}
	document_draw(d, canvas, focused);
}

const struct pane_type view_help = {
	.name = "help", .title = N_("Keys"), .place = PLACE_TEXT, .memory = sizeof(struct text_view),
	.document = PANE_DOCUMENT(text_view), .close = close_text, .draw = draw_help,
};
