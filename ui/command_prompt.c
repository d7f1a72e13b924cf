/* SPDX-License-Identifier: Apache-2.0
 *
 * `:`: a command by its name, with what it would have asked for. What it may be
 * stands above the line while it is typed, by the letters of its name or of what
 * it does; Tab puts the next of them into the line, S-Tab the one before. Only a
 * whole name is done: half of one might be another's. */
#include <stdio.h>
#include <string.h>

#include "ui/fuzzy.h"
#include "ui/screen_words.h"

/* ---- what it may be --------------------------------------------------------------------- */

#define WORD_COLUMNS 14 /* as long as a command's name is */

struct offers {
	struct screen *screen;
	const char *letters; /* of the word that is being typed */
	int column;	     /* where what it means stands */
	int ranks[MENU_MAX];
};

/* `text` is what Tab puts there; label and note are read. */
static void offer(struct offers *o, int rank, const char *text, const char *label, const char *note, bool off)
{
	struct menu *menu = &o->screen->menu;
	if (rank < 0 || menu->n == MENU_MAX)
		return;
	rank = off ? rank - 100000 : rank;
	size_t at = menu->n;
	while (at > 0 && o->ranks[at - 1] < rank)
		at--;
	struct menu_item item = { .off = off };
	snprintf(item.label, sizeof item.label, "%-*s %s", o->column, text, label);
	snprintf(item.note, sizeof item.note, "%s", note);
	snprintf(item.text, sizeof item.text, "%s", text);
	memmove(menu->items + at + 1, menu->items + at, (menu->n - at) * sizeof item);
	memmove(o->ranks + at + 1, o->ranks + at, (menu->n - at) * sizeof o->ranks[0]);
	menu->items[at] = item;
	o->ranks[at] = rank;
	menu->n++;
}

static void offer_commands(struct offers *o)
{
	int scores[N_COMMANDS], best = 0;
	for (int i = 1; i < N_COMMANDS; i++) {
		scores[i] = command_score((enum command)i, o->letters);
		best = MAX(best, scores[i]);
	}
	for (int i = 1; i < N_COMMANDS; i++) {
		enum command command = (enum command)i;
		char keys[MENU_NOTE_BYTES];
		int score = scores[i];
		if (score < 0 || 3 * score < 2 * best)
			continue;
		const char *why_not = screen_why_not(o->screen, command);
		if (text_starts_with(command_name(command), o->letters))
			score += 1000; /* who types a name goes on typing it */
		keys_names(&o->screen->keys, screen_focused(o->screen)->type->place, command, keys, sizeof keys);
		offer(o, score, command_name(command), screen_help(o->screen, command), why_not != NULL ? why_not : keys, why_not != NULL);
	}
}

static void offer_word(struct offers *o, const char *text, const char *label)
{
	offer(o, fuzzy_score(text, o->letters), text, label, "", false);
}

/* To whom was assigned before, as the history has it. */
static void offer_people(struct offers *o)
{
	const struct prompt_history *history = &o->screen->command_history;
	offer_word(o, desk_user(o->screen->board->desk), _("you"));
	for (size_t i = 0; i < history->n; i++) {
		struct command_line line;
		struct fault fault;
		size_t offset;
		if (!command_line_read(history->lines[i], &line, &fault, &offset) || line.command != CMD_ASSIGN ||
		    *line.argument == '\0')
			continue;
		bool known = false;
		for (size_t k = 0; k < o->screen->menu.n; k++)
			known |= strcmp(o->screen->menu.items[k].text, line.argument) == 0;
		if (!known)
			offer_word(o, line.argument, "");
	}
}

static void offer_macros(struct offers *o)
{
	char keys[80];
	for (char letter = 'a'; letter <= 'z'; letter++)
		if (macro_recorded(o->screen, letter, keys, sizeof keys) > 0)
			offer_word(o, (char[2]){ letter, '\0' }, keys);
	for (size_t i = 0; i < o->screen->keys.n_macros; i++)
		offer_word(o, o->screen->keys.macros[i].name, "");
}

static void offer_themes(struct offers *o)
{
	char names[32][64];
	size_t n = theme_list(o->screen->themes_folder, names, COUNT_OF(names));
	for (size_t i = 0; i < n; i++)
		offer_word(o, names[i], "");
}

static void offer_argument(struct offers *o, enum command of)
{
	static const char *const durations[] = { "1h", "4h", "1d", "7d", "30d" };
	const struct pane_type *type = screen_focused(o->screen)->type;
	const struct zones *zones = &o->screen->zones;
	switch (command_argument(of)) {
	case ARGUMENT_NONE: case ARGUMENT_TEXT: case ARGUMENT_FILTER: case ARGUMENT_LETTER:
	case ARGUMENT_ANSWER:
		break;
	case ARGUMENT_RESOLUTION:
		for (int i = RESOLUTION_TRUE_IMPACT; i < N_RESOLUTIONS; i++)
			o->column = MAX(o->column, text_width(command_resolution((enum resolution)i)));
		for (int i = RESOLUTION_TRUE_IMPACT; i < N_RESOLUTIONS; i++)
			offer_word(o, command_resolution((enum resolution)i), resolution_word((enum resolution)i));
		break;
	case ARGUMENT_FOR:
		for (size_t i = 0; i < COUNT_OF(durations); i++)
			offer_word(o, durations[i], "");
		break;
	case ARGUMENT_NAME:
		offer_people(o);
		break;
	case ARGUMENT_THEME:
		offer_themes(o);
		break;
	case ARGUMENT_SORT:
		for (size_t i = 0; i < COUNT_OF(type->sorts) && type->sorts[i] != NULL; i++)
			offer_word(o, type->sorts[i], "");
		break;
	case ARGUMENT_GROUP:
		for (size_t i = 0; i < COUNT_OF(type->groups) && type->groups[i] != NULL; i++)
			offer_word(o, type->groups[i], "");
		break;
	case ARGUMENT_ZONE:
		for (size_t i = 0; i < zones->n; i++)
			offer_word(o, zones->entries[i].label, zones->entries[i].zone_name);
		offer_word(o, "UTC", "");
		break;
	case ARGUMENT_COMMAND:
		offer_commands(o);
		break;
	case ARGUMENT_MACRO:
		offer_macros(o);
		break;
	case ARGUMENT_WORDS:
		for (size_t i = 0; words_offered(o->screen, of, i) != NULL; i++)
			offer_word(o, words_offered(o->screen, of, i), "");
		break;
	}
}

/* By its name, or by the word at the foot, in the person's language or the other: "posponer". Key
 * files and macros have names alone, which are the same in every language. */
static bool command_called(const char *name, enum command *command)
{
	size_t n = 0;
	if (command_named(name, command))
		return true;
	for (int other = 0; other < 2 && n == 0; other++) {
		for (int i = 1; i < N_COMMANDS; i++) {
			const char *word = other ? command_other_word((enum command)i) : command_word((enum command)i);
			if (*name == '\0' || *word == '\0' || !fuzzy_contains(word, name) || !fuzzy_contains(name, word))
				continue; /* not the same, but for case and accents */
			*command = (enum command)i;
			n++;
		}
	}
	return n == 1;
}

/* As command_line_read; the line's texts are good until the next one. */
static bool read_line(const char *text, struct command_line *line, struct fault *fault, size_t *offset)
{
	static char named[PROMPT_BYTES + COMMAND_NAME_BYTES];
	char name[PROMPT_BYTES];
	enum command command;
	size_t begin = strspn(text, " 0123456789"), n = strcspn(text + begin, " ");
	snprintf(name, sizeof name, "%.*s", (int)n, text + begin);
	if (command_named(name, &command) || !command_called(name, &command))
		return command_line_read(text, line, fault, offset);
	snprintf(named, sizeof named, "%.*s%s%s", (int)begin, text, command_name(command), text + begin + n);
	bool ok = command_line_read(named, line, fault, offset);
	*offset = MIN(*offset + n - MIN(n, strlen(command_name(command))), strlen(text));
	return ok;
}

/* Which word is typed: where it begins, and of which command it is the argument. */
static size_t word_at(const char *text, enum command *of)
{
	char name[2 * COMMAND_NAME_BYTES];
	size_t begin = strspn(text, " 0123456789"), n = strcspn(text + begin, " ");
	*of = CMD_NONE;
	if (text[begin + n] == '\0')
		return begin;
	snprintf(name, sizeof name, "%.*s", (int)MIN(n, sizeof name - 1), text + begin);
	size_t next = begin + n + strspn(text + begin + n, " ");
	if (command_called(name, of) && command_argument(*of) == ARGUMENT_FILTER)
		return next;
	/* Of an argument only the first word is one of few. */
	return command_called(name, of) && text[next + strcspn(text + next, " ")] == '\0' ? next : SIZE_MAX;
}

/* What may stand there in a filter of the rows in focus, as its own prompt offers it. */
static void offer_filter(struct screen *screen, size_t begin)
{
	struct pane *pane = screen_focused(screen);
	struct menu *menu = &screen->menu;
	static struct completion completion; /* 6 kB */
	char item[2 * COMPLETION_BYTES];
	if (pane->type->row == NULL || screen->prompt.cursor != screen->prompt.n)
		return;
	filter_prompt_complete(screen, pane, screen->prompt.text + begin, screen->prompt.n - begin, &completion);
	for (size_t i = 0; i < completion.n; i++) {
		if (strlen(completion.items[i]) >= sizeof menu->items[0].text)
			continue;
		menu_add(menu, 0, 0, filter_prompt_item(&completion, i, item));
		snprintf(menu->items[menu->n - 1].text, sizeof menu->items[0].text, "%s", completion.items[i]);
	}
	menu->word = begin + completion.from;
}

static void fill(struct screen *screen)
{
	struct menu *menu = &screen->menu;
	enum command of;
	const char *text = screen->prompt.text;
	size_t word = word_at(text, &of);
	struct offers offers = { .screen = screen, .column = WORD_COLUMNS, .letters = word == SIZE_MAX ? "" : text + word };
	*menu = (struct menu){ .selected = MENU_MAX, .word = word }; /* none, until Tab */
	if (word != SIZE_MAX && of != CMD_NONE && command_argument(of) == ARGUMENT_FILTER)
		offer_filter(screen, word);
	else if (word != SIZE_MAX && of != CMD_NONE) {
		offer_argument(&offers, of);
		offers.letters = "";
		if (menu->n == 0) /* then what there is */
			offer_argument(&offers, of);
	}
	if (word != SIZE_MAX && of == CMD_NONE && text[word] != '\0')
		offer_commands(&offers);
	if (of != CMD_NONE && *command_usage(of) != '\0')
		snprintf(menu->title, sizeof menu->title, "%s %s", command_name(of), command_usage(of));
	else
		snprintf(menu->title, sizeof menu->title, "%s", _("Commands"));
}

/* ---- keys --------------------------------------------------------------------------------- */

static bool check(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	struct command_line line;
	UNUSED(arg);
	return read_line(text, &line, fault, offset);
}

void command_prompt_say_anew(struct screen *screen)
{
	prompt_say_anew(&screen->prompt, ":");
	fill(screen);
}

void command_prompt_start(struct screen *screen)
{
	screen_drop_modal(screen);
	prompt_start(&screen->prompt, ":", "", &screen->command_history, check, NULL);
	screen->modal = MODAL_COMMAND;
	screen->refused_line = false;
	screen->message[0] = '\0';
	fill(screen);
}

/* The next of what is offered, in the place of the word; the offers stay. */
static void complete(struct screen *screen, bool forward)
{
	struct menu *menu = &screen->menu;
	enum command of;
	if (menu->n == 0 && screen->prompt.text[0] == '\0') { /* all there is */
		struct offers offers = { .screen = screen, .letters = "", .column = WORD_COLUMNS };
		offer_commands(&offers);
	}
	size_t word = menu->word;
	if (menu->n == 0 || word == SIZE_MAX)
		return;
	if (menu->selected >= menu->n)
		menu->selected = forward ? 0 : menu->n - 1;
	else
		menu->selected = (menu->selected + (forward ? 1 : menu->n - 1)) % menu->n;
	prompt_replace(&screen->prompt, word, menu->items[menu->selected].text);
	if (menu->n == 1 && word_at(screen->prompt.text, &of) != SIZE_MAX && of != CMD_NONE && command_argument(of) == ARGUMENT_FILTER) {
		prompt_replace(&screen->prompt, screen->prompt.n, " "); /* nothing to choose: on to what comes next */
		fill(screen);
	}
}

static void accept(struct screen *screen)
{
	struct command_line line;
	struct fault fault;
	size_t offset;
	screen->modal = MODAL_NONE;
	if (!read_line(screen->prompt.text, &line, &fault, &offset))
		return;
	screen_used(screen, line.command);
	screen->accepted = MODAL_COMMAND;
	count_command(screen, line.command, line.argument, line.count);
	screen->accepted = MODAL_NONE;
}

void command_prompt_key(struct screen *screen, const struct key_event *event)
{
	if (event->key == KEY_TAB || event->key == KEY_BACKTAB) {
		complete(screen, event->key == KEY_TAB);
		return;
	}
	switch (prompt_key(&screen->prompt, event)) {
	case PROMPT_GOES_ON:
		screen->refused_line = event->key == KEY_ENTER;
		if (!screen->refused_line)
			fill(screen);
		break;
	case PROMPT_CANCELLED:
		screen->modal = MODAL_NONE;
		break;
	case PROMPT_ACCEPTED:
		accept(screen);
		break;
	}
}
