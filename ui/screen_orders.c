/* SPDX-License-Identifier: Apache-2.0
 *
 * Commands with what they would have asked for, from `:` or a key file; and of
 * every command, why it is not possible here. */
#include <stdio.h>
#include <string.h>

#include "ui/panes/trials.h"
#include "ui/past.h"
#include "ui/screen_words.h"

/* ---- what each takes ----------------------------------------------------------------- */

/* Where the name stands among those of a pane; what there are, in words. */
static bool find_name(const char *const *names, size_t n_names, const char *name, size_t *at, char *all, size_t capacity)
{
	size_t n = 0;
	all[0] = '\0';
	for (size_t i = 0; i < n_names && names[i] != NULL; i++) {
		if (strcmp(names[i], name) == 0) {
			*at = i;
			return true;
		}
		n += (size_t)snprintf(all + n, capacity - n, "%s%s", n > 0 ? ", " : "", names[i]);
	}
	return false;
}

static void order_sort(struct screen *screen, const char *by)
{
	struct pane *pane = screen_focused(screen);
	char all[200];
	size_t at;
	if (find_name(pane->type->sorts, COUNT_OF(pane->type->sorts), by, &at, all, sizeof all)) {
		pane->type->sort(pane, at);
		screen->dirt++;
	} else if (all[0] == '\0') {
		screen_message(screen, ROLE_WARN, "%s", _("There is nothing to sort here."));
	} else {
		screen_message(screen, ROLE_WARN, _("This list is sorted by %s, not by %s."), all, by);
	}
}

static void order_group(struct screen *screen, const char *by)
{
	struct pane *pane = screen_focused(screen);
	char all[200];
	size_t at;
	if (find_name(pane->type->groups, COUNT_OF(pane->type->groups), by, &at, all, sizeof all)) {
		pane->type->group(pane, at);
		screen->dirt++;
	} else if (all[0] == '\0') {
		screen_message(screen, ROLE_WARN, "%s", _("There is nothing to group here."));
	} else {
		screen_message(screen, ROLE_WARN, _("This list is grouped by %s, not by %s."), all, by);
	}
}

static void order_zone(struct screen *screen, const char *name)
{
	struct zones *zones = &screen->zones;
	for (size_t i = 0; i <= zones->n; i++) {
		bool utc = i == zones->n;
		if (!text_equal_nocase(name, utc ? "UTC" : zones->entries[i].label) &&
		    (utc || !text_equal_nocase(name, zones->entries[i].zone_name)))
			continue;
		zones->current = i;
		zones->chosen = true;
		screen_message(screen, ROLE_TEXT, _("Times are in %s."), utc ? "UTC" : zones->entries[i].label);
		return;
	}
	screen_message(screen, ROLE_WARN, _("No site has its times in %s."), name);
}

/* Help, narrowed to one command, or to the lines that have this in them. */
static void order_help(struct screen *screen, const char *text)
{
	enum command command;
	screen_command(screen, CMD_HELP);
	struct pane *pane = screen_focused(screen);
	if (pane->type == &view_help)
		pane_set_filter(pane, command_named(text, &command) ? command_help(command) : text);
}

void screen_answer(struct screen *screen, const char *text)
{
	struct menu *menu = &screen->menu;
	if (screen->modal == MODAL_NONE)
		return;
	if (screen->modal != MODAL_MENU)
		prompt_replace(&screen->prompt, 0, text);
	for (size_t i = 0; screen->modal == MODAL_MENU; i++) {
		if (i == menu->n) {
			screen_message(screen, ROLE_WARN, _("%s is none of these."), text);
			return;
		}
		menu->selected = i;
		if (text_equal_nocase(menu->items[i].label, text))
			break;
	}
	screen_do_key(screen, &(struct key_event){ .key = KEY_ENTER });
}

static void order_answer(struct screen *screen, enum command command, const char *text)
{
	uint64_t n_refused = screen->n_refused;
	if (command == CMD_REPLAY || command == CMD_REHEARSE) {
		trials_begin(screen, command, text);
		return;
	}
	screen_command(screen, command);
	if (screen->modal == MODAL_NONE && screen->n_refused == n_refused) /* else it has said why */
		screen_message(screen, ROLE_WARN, _("There is nothing to %s here."), command_word(command));
	screen_answer(screen, text);
}

void screen_order(struct screen *screen, enum command command, const char *argument)
{
	struct command_line line;
	struct fault fault = { 0 };
	size_t offset;
	char text[COMMAND_NAME_BYTES + PROMPT_BYTES], word[ARGUMENT_BYTES];
	if (argument == NULL || *argument == '\0') {
		screen_command(screen, command);
		return;
	}
	snprintf(text, sizeof text, "%s %s", command_name(command), argument);
	for (size_t n = strlen(text); n > 0 && text[n - 1] == ' ';)
		text[--n] = '\0';
	if (!command_line_read(text, &line, &fault, &offset)) {
		screen_message(screen, ROLE_WARN, "%s", fault.text);
		return;
	}
	snprintf(word, sizeof word, "%.*s", (int)strcspn(line.argument, " "), line.argument);
	offers_drop(screen);
	screen->dirt++;
	if (macro_asks(screen, command, line.argument) || past_refuses(screen, command))
		return;
	switch (command_argument(command)) {
	case ARGUMENT_NONE:
		break;
	case ARGUMENT_RESOLUTION: case ARGUMENT_FOR: case ARGUMENT_NAME: case ARGUMENT_TEXT:
		if (!act_order(screen, &line))
			screen_message(screen, ROLE_WARN, "%s", screen_why_not(screen, command));
		break;
	case ARGUMENT_THEME:
		screen_theme(screen, word);
		break;
	case ARGUMENT_SORT:
		order_sort(screen, word);
		break;
	case ARGUMENT_GROUP:
		order_group(screen, word);
		break;
	case ARGUMENT_ZONE:
		order_zone(screen, word);
		break;
	case ARGUMENT_COMMAND:
		order_help(screen, line.argument);
		break;
	case ARGUMENT_FILTER: case ARGUMENT_ANSWER:
		order_answer(screen, command, line.argument);
		break;
	case ARGUMENT_MACRO:
		macro_play(screen, word, 1);
		break;
	case ARGUMENT_LETTER:
		macro_record(screen, word);
		break;
	case ARGUMENT_WORDS:
		words_order(screen, command, line.argument);
		break;
	}
}

/* ---- why not -------------------------------------------------------------------------- */

static bool is_triage(enum command command)
{
	return command >= CMD_ACK && command <= CMD_REDO;
}

/* "elsewhere: Queue" */
static const char *elsewhere(enum command command)
{
	static char text[120];
	for (int i = 0; i < N_PLACES; i++) {
		if (keys_at_home((enum place)i, command)) {
			snprintf(text, sizeof text, _("elsewhere: %s"), place_title((enum place)i));
			return text;
		}
	}
	return _("not here");
}

const char *screen_why_not(struct screen *screen, enum command command)
{
	struct pane *pane = screen_focused(screen);
	const struct lab *lab = screen->board->lab;
	bool read_only = desk_read_only(screen->board->desk);
	bool of_alerts = is_triage(command) && command != CMD_UNDO && command != CMD_REDO;
	bool of_rules = command == CMD_REPLAY || command == CMD_REHEARSE; /* which are opened for it */
	if ((!of_rules && !keys_belongs(pane->type->place, command)) || (of_alerts && pane->type->alerts == NULL))
		return elsewhere(command);
	if (past_why_not(screen, command) != NULL)
		return past_why_not(screen, command);
	if (read_only && (is_triage(command) || command == CMD_IMPORT || command == CMD_SILENCE_NEW || command == CMD_SILENCE_EXTEND ||
			     command == CMD_SILENCE_END || command == CMD_NEW_ALERT))
		return _("This console is read-only.");
	if (pane->type == &view_silence_new && (command == CMD_SILENCE_EXTEND || command == CMD_SILENCE_END))
		return _("It is not in force yet.");
	if (command == CMD_BACK && screen_back_word(screen) == NULL)
		return _("nothing to go back to");
	const struct document *document = pane_document(pane);
	const struct list *list = document == NULL ? pane_list(pane) : NULL;
	/* Whoever signs in goes on with it from every line. */
	if (command == CMD_OPEN && document != NULL && pane->type != &view_sign_in && document_target(document).kind == TARGET_NONE)
		return _("this line leads nowhere");
	if ((command == CMD_OPEN || command == CMD_SILENCE_EXTEND || command == CMD_SILENCE_END) && list != NULL && pane->answered && list->n == 0)
		return _("there is no row here");
	if ((command == CMD_NEXT_SECTION || command == CMD_PREV_SECTION) && (document == NULL || !document_has_sections(document)))
		return _("there are no sections here");
	if (command == CMD_REDO && *desk_redo_name(screen->board->desk) == '\0')
		return _("There is nothing to redo.");
	if ((command == CMD_COPY || command == CMD_COPY_AS) && !pane_has_text(pane) && pane->type->row == NULL)
		return _("nothing to copy here");
	if (command == CMD_SIGN_IN && screen->board->sign_in == NULL)
		return _("nobody signs in here");
	if (command == CMD_SETTINGS && screen->settings == NULL)
		return _("no settings here");
	if ((command == CMD_IMPORT || command == CMD_DEMO || command == CMD_DOCTOR) && !screen_can_leave(screen))
		return _("not from this console");
	if ((command == CMD_REPLAY || command == CMD_REHEARSE || command == CMD_TUNE) && lab == NULL)
		return _("Rules cannot be tried here.");
	if (command == CMD_CONTAIN && screen->board->contain == NULL)
		return _("this console does not ask Webex");
	if (command == CMD_CANCEL && (lab == NULL || lab_trial(lab)->state != LAB_RUNNING))
		return _("no trial is running");
	if (command == CMD_SYNC_NOW && screen->board->sync_now == NULL)
		return _("this console does not ask Webex");
	return NULL;
}

/* As CMD_BACK goes on (ui/bulk.c, ui/screen_commands.c): a word, and a sentence. */
static const char *way_back(struct screen *screen, const char **sentence)
{
	struct pane *pane = screen_focused(screen);
	const char *filter = pane_filter(pane);
	if (bulk_n_taken(screen, pane) > 0) {
		*sentence = _("Take nothing of what passes the filter any more");
		return _("take none");
	}
	*sentence = command_help(CMD_BACK);
	if (screen->n_views > 0)
		return command_word(CMD_BACK);
	if (screen->past_ms != 0) {
		*sentence = _("Back to now");
		return _("to now");
	}
	if (filter != NULL && *filter != '\0') {
		*sentence = command_help(CMD_CLEAR_FILTER);
		return command_word(CMD_CLEAR_FILTER);
	}
	if (!screen->zoomed)
		return NULL;
	*sentence = _("All panes again");
	return _("all panes");
}

const char *screen_back_word(struct screen *screen)
{
	const char *sentence;
	return way_back(screen, &sentence);
}

const char *screen_help(struct screen *screen, enum command command)
{
	static char text[160];
	const char *back;
	if (command == CMD_BACK && way_back(screen, &back) != NULL)
		return back;
	const struct desk *desk = screen->board->desk;
	const char *name = command == CMD_UNDO ? desk_undo_name(desk) : command == CMD_REDO ? desk_redo_name(desk) : "";
	if (*name == '\0')
		return command_help(command);
	snprintf(text, sizeof text, "%s: %s", command == CMD_UNDO ? _("Undo") : _("Redo"), name);
	return text;
}

bool screen_offers(struct screen *screen, enum command command)
{
	return screen_why_not(screen, command) == NULL;
}
