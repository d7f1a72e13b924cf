/* SPDX-License-Identifier: Apache-2.0
 *
 * What triage must ask before it is ordered: a resolution, a while, a reason, a
 * name. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/tags.h"
#include "base/mem.h"
#include "ui/act_parts.h"
#include "ui/pick.h"
#include "ui/panes/silence_parts.h"

static bool check_not_empty(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	UNUSED(arg);
	*offset = 0;
	return text[strspn(text, " ")] != '\0' ||
	    fault_set(fault, FAULT_USAGE, "%s", _("a few words are needed"));
}

static bool check_name(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	UNUSED(arg);
	*offset = strcspn(text, " ");
	return (*offset > 0 && text[*offset] == '\0') ||
	    fault_set(fault, FAULT_USAGE, "%s", _("a user name, without blanks"));
}

static void on_text(struct screen *screen, void *arg, const char *text)
{
	if (text != NULL)
		act_submit(screen, arg, text);
	free(arg);
}

/* Takes a copy, and says who hears of it. */
static void ask(struct screen *screen, const struct intent *intent, const char *label, struct prompt_history *history,
    bool (*check)(void *, const char *, struct fault *, size_t *), void (*done)(struct screen *, void *, const char *))
{
	screen_prompt(screen, label, "", history, check, NULL, done, mem_dup(intent, sizeof *intent + intent->n * sizeof intent->ids[0]));
	act_told(screen, intent, screen->prompt.warning, sizeof screen->prompt.warning);
}

void act_ask_text(struct screen *screen, const struct intent *intent, const char *label,
    bool name)
{
	ask(screen, intent, label, &screen->note_history, name ? check_name : check_not_empty, on_text);
}

/* As it will stand in the store: a sign between lines, and nothing at their ends. */
static bool note_of(const char *text, char out[static NOTE_BYTES + 1], struct fault *fault)
{
	char lines[PROMPT_ROOM];
	size_t n = 0;
	for (; *text != '\0'; text++) {
		bool is_break = text_starts_with(text, NOTE_LINE);
		lines[n++] = is_break ? '\n' : *text;
		text += is_break ? strlen(NOTE_LINE) - 1 : 0;
	}
	lines[n] = '\0';
	return note_of_lines(lines, out, fault);
}

static bool check_note(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	char note[NOTE_BYTES + 1];
	return note_of(text, note, fault) && check_not_empty(arg, note, fault, offset);
}

static void on_note(struct screen *screen, void *arg, const char *text)
{
	char note[NOTE_BYTES + 1];
	struct fault fault;
	if (text != NULL && note_of(text, note, &fault))
		act_submit(screen, arg, note);
	free(arg);
}

void act_ask_note(struct screen *screen, const struct intent *intent)
{
	ask(screen, intent, _("note:"), &screen->note_history, check_note, on_note);
	prompt_of_lines(&screen->prompt, NOTE_BYTES);
}

static bool check_tags(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	char out[TAGS_TEXT];
	UNUSED(arg);
	*offset = 0;
	return tags_change("", text, out, fault);
}

void act_ask_tags(struct screen *screen, const struct intent *intent)
{
	ask(screen, intent, _("tags (-word takes it off):"), &screen->note_history, check_tags, on_text);
}

void act_ask_alert(struct screen *screen, const struct intent *intent, const char *label)
{
	struct intent *copy = mem_dup(intent, sizeof *intent + intent->n * sizeof intent->ids[0]);
	pick_alert(screen, label, intent->ids, intent->n, on_text, copy);
	act_told(screen, intent, screen->prompt.warning, sizeof screen->prompt.warning);
}

static void on_resolution(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct intent *intent = arg;
	intent->resolution = (enum resolution)item->value;
	act_submit(screen, intent, "");
}

static void on_snooze(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct intent *intent = arg;
	intent->for_ms = item->value;
	act_ask_text(screen, intent, _("why it may wait:"), false);
}

/* The title says how many: a bulk act is seen before it is done. */
static struct menu *ask_menu(struct screen *screen, struct intent *intent, const char *what,
    void (*on_choose)(struct screen *, void *, const struct menu_item *))
{
	char title[160];
	if (intent->n == 1)
		snprintf(title, sizeof title, "%s: #%" PRId64, what, intent->ids[0]);
	else
		snprintf(title, sizeof title, ngettext("%s: %zu alert", "%s: %zu alerts", intent->n), what,
		    intent->n);
	return screen_menu(screen, title, on_choose, intent);
}

void act_ask_resolution(struct screen *screen, struct intent *intent)
{
	struct menu *menu = ask_menu(screen, intent, _("Close as"), on_resolution);
	for (int i = RESOLUTION_TRUE_IMPACT; i <= RESOLUTION_UNKNOWN; i++)
		menu_add(menu, (uint32_t)('0' + i), i, resolution_word((enum resolution)i));
	menu->selected = RESOLUTION_FALSE_POSITIVE - 1;
	act_add_told(screen, intent, menu);
}

void act_ask_snooze(struct screen *screen, struct intent *intent)
{
	struct menu *menu = ask_menu(screen, intent, _("Snooze"), on_snooze);
	menu_add(menu, '1', HOUR_MS, _("1 hour"));
	menu_add(menu, '2', 4 * HOUR_MS, _("4 hours"));
	menu_add(menu, '3', DAY_MS, _("1 day"));
	act_add_told(screen, intent, menu);
}

static void on_silence(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct intent *intent = arg;
	intent->for_ms = item->value;
	if (item->value == 0)
		silence_wider(screen, intent->ids[0]);
	else
		act_ask_text(screen, intent, _("why they may be silent:"), false);
}

/* Never for good: it ends by itself. */
void act_ask_silence(struct screen *screen, struct intent *intent)
{
	struct menu *menu = ask_menu(screen, intent, _("Silence alerts like it"), on_silence);
	menu_add(menu, '1', DAY_MS, _("1 day"));
	menu_add(menu, '2', 7 * DAY_MS, _("7 days"));
	menu_add(menu, '3', 30 * DAY_MS, _("30 days"));
	if (intent->n == 1)
		menu_add(menu, 'w', 0, _("wider: what a filter says, tried before \u2026"));
	act_add_told(screen, intent, menu);
	silence_try_alike(screen, intent->ids, intent->n); /* may close the menu, and the intent with it */
}
