/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/macro.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/screen.h"

#define DEPTH_MOST   8	   /* a macro in a macro */
#define STEPS_MOST   20000 /* of all that one key began */
#define STEPS_A_TURN 200   /* then the screen is drawn, and Esc is heard */
#define PATIENCE_MS  10000 /* for an answer */

struct recorded {
	uint32_t keys[MACRO_KEYS_MOST];
	size_t n;
};

/* Keys that were recorded, or a macro of the key file. */
struct playing {
	char name[MACRO_NAME_BYTES];
	const uint32_t *keys; /* NULL: lines */
	char *const *lines;
	size_t n, at;
	int left; /* times, with this one */
};

struct macros {
	struct recorded recorded['z' - 'a' + 1];
	struct recorded *recording;  /* NULL: nothing is */
	size_t begun;		     /* where the keys of the command that is being given begin in it */
	char last[MACRO_NAME_BYTES]; /* played */
	enum command awaits;	     /* CMD_RECORD, CMD_PLAY: a letter; CMD_NONE */
	int count;
	struct playing playing[DEPTH_MOST];
	size_t depth;	     /* 0: nothing plays */
	size_t n_steps;
	int64_t since_ms;    /* of the last step: patience is for an answer */
	uint64_t n_refused;  /* when it began: one more, and it ends */
	bool asking, allowed;
	enum command asked;
	char argument[PROMPT_BYTES];
};

struct macros *macros_new(void)
{
	return mem_zalloc(sizeof(struct macros));
}

void macros_free(struct macros *macros)
{
	free(macros);
}

/* ---- recording ------------------------------------------------------------------------ */

static char letter_of(const struct macros *macros, const struct recorded *recorded)
{
	return (char)('a' + (recorded - macros->recorded));
}

/* Their names, as help shows them; none: it is no macro any more. */
static void keep(struct screen *screen, const struct recorded *recorded)
{
	char name[2] = { letter_of(screen->macros, recorded), '\0' };
	char *names = mem_zalloc(LOOKS_BYTES);
	key_names(recorded->keys, recorded->n, names, LOOKS_BYTES);
	screen_look(screen, "macros", name, names, true);
	free(names);
}

void macro_load(struct screen *screen)
{
	const struct looks_entry *entry;
	for (size_t i = 0; (entry = looks_at(&screen->looks, "macros", i)) != NULL; i++) {
		if (entry->name[0] < 'a' || entry->name[0] > 'z' || entry->name[1] != '\0')
			continue;
		struct recorded *recorded = &screen->macros->recorded[entry->name[0] - 'a'];
		const char *at = entry->value;
		while (*(at += strspn(at, " ")) != '\0' && recorded->n < MACRO_KEYS_MOST) {
			char name[KEY_NAME_BYTES];
			size_t n = strcspn(at, " ");
			snprintf(name, sizeof name, "%.*s", (int)MIN(n, sizeof name - 1), at);
			if (n >= sizeof name || !key_named(name, &recorded->keys[recorded->n])) {
				recorded->n = 0; /* half of one would do something else */
				break;
			}
			recorded->n++;
			at += n;
		}
	}
}

static void end_recording(struct screen *screen)
{
	struct macros *macros = screen->macros;
	char key[KEY_NAME_BYTES];
	size_t n = macros->recording->n;
	screen_message(screen, ROLE_OK, ngettext("Recorded %zu key: %s %c plays it.", "Recorded %zu keys: %s %c plays them.", n), n,
	    screen_key_name(screen, CMD_PLAY, key), letter_of(macros, macros->recording));
	keep(screen, macros->recording);
	macros->recording = NULL;
}

static void record_under(struct screen *screen, char letter)
{
	struct macros *macros = screen->macros;
	char key[KEY_NAME_BYTES];
	macros->recording = &macros->recorded[letter - 'a'];
	macros->recording->n = macros->begun = 0;
	screen_message(screen, ROLE_TEXT, _("Recording under %c: %s ends it."), letter, screen_key_name(screen, CMD_RECORD, key));
}

void macro_record(struct screen *screen, const char *argument)
{
	struct macros *macros = screen->macros;
	if (macros->depth > 0) {
		screen_message(screen, ROLE_WARN, "%s", _("A macro does not record another."));
	} else if (macros->recording != NULL) {
		macros->recording->n = macros->begun; /* what ends it is none of it */
		end_recording(screen);
	} else if (*argument != '\0') {
		record_under(screen, *argument);
	} else {
		macros->awaits = CMD_RECORD;
		screen_message(screen, ROLE_TEXT, "%s", _("Record keys under which letter, a to z?"));
	}
}

static void add_key(struct screen *screen, uint32_t key)
{
	struct recorded *recording = screen->macros->recording;
	if (recording == NULL)
		return;
	if (recording->n < MACRO_KEYS_MOST) {
		recording->keys[recording->n++] = key;
		return;
	}
	keep(screen, recording);
	screen->macros->recording = NULL;
	screen_message(screen, ROLE_WARN, _("A macro has %d keys at most: recording has ended."), MACRO_KEYS_MOST);
}

void macro_hear(struct screen *screen, const struct key_event *event)
{
	struct macros *macros = screen->macros;
	if (macros->recording == NULL || macro_is_playing(screen)) /* an answer to another one is none of this */
		return;
	if (screen->modal == MODAL_NONE && macros->awaits == CMD_NONE && !screen->count.typed)
		macros->begun = macros->recording->n;
	bool types = screen->modal == MODAL_PROMPT || screen->modal == MODAL_FILTER || screen->modal == MODAL_PALETTE ||
	    screen->modal == MODAL_COMMAND;
	if (types && screen->prompt.hidden) {
		macros->recording = NULL;
		screen_message(screen, ROLE_WARN, "%s", _("A secret is not recorded: recording has ended."));
	} else if (event->key == KEY_PASTE && types) {
		char printable[PROMPT_ROOM + 4];
		size_t n = prompt_pasted(&screen->prompt, event->paste, event->n, printable);
		for (size_t i = 0; i < n;) {
			uint32_t point;
			i += utf8_decode(printable + i, n - i, &point);
			add_key(screen, point);
		}
	} else if (event->key < KEY_PASTE || event->key >= KEY_LAST) {
		add_key(screen, event->key);
	}
}

size_t macro_recorded(const struct screen *screen, char letter, char *out, size_t capacity)
{
	const struct recorded *recorded = &screen->macros->recorded[letter - 'a'];
	key_names(recorded->keys, recorded->n, out, capacity);
	return recorded->n;
}

/* ---- beginning to play ------------------------------------------------------------------- */

bool macro_is_playing(const struct screen *screen)
{
	return screen->macros->depth > 0;
}

bool macro_is_asking(const struct screen *screen)
{
	return screen->macros->asking && screen->modal == MODAL_MENU;
}

void macro_stop(struct screen *screen)
{
	screen->macros->depth = 0;
	screen->macros->asking = false;
	screen->macros->awaits = CMD_NONE;
	screen->n_ahead = 0; /* typed for where it would have ended */
	screen->dirt++;
}

static void stop_saying(struct screen *screen, const char *why)
{
	char name[MACRO_NAME_BYTES];
	snprintf(name, sizeof name, "%s", screen->macros->playing[0].name);
	macro_stop(screen);
	screen_message(screen, ROLE_WARN, _("Macro %s stopped: %.400s"), name, why);
}

static const struct named_macro *macro_named(const struct screen *screen, const char *name)
{
	for (size_t i = 0; i < screen->keys.n_macros; i++)
		if (strcmp(screen->keys.macros[i].name, name) == 0)
			return &screen->keys.macros[i];
	return NULL;
}

static void play(struct screen *screen, const char *name, int count)
{
	struct macros *macros = screen->macros;
	const struct named_macro *named = macro_named(screen, name);
	bool letter = name[0] >= 'a' && name[0] <= 'z' && name[1] == '\0';
	const struct recorded *recorded = &macros->recorded[letter ? name[0] - 'a' : 0];
	if (letter && recorded == macros->recording) {
		screen_message(screen, ROLE_WARN, _("Macro %s is being recorded."), name);
		return;
	}
	struct playing playing = { .left = MAX(count, 1) };
	snprintf(playing.name, sizeof playing.name, "%s", name);
	if (letter && recorded->n > 0) { /* what a hand recorded goes before the file's */
		playing.keys = recorded->keys;
		playing.n = recorded->n;
	} else if (named != NULL) {
		playing.keys = named->keys;
		playing.lines = named->lines;
		playing.n = named->keys != NULL ? named->n_keys : named->n;
	} else {
		screen_message(screen, ROLE_WARN, _("There is no macro %s."), name);
		return;
	}
	if (macros->depth == DEPTH_MOST) {
		stop_saying(screen, _("it plays macros within macros without an end"));
		return;
	}
	if (macros->depth == 0) {
		macros->n_steps = 0;
		macros->since_ms = screen->steady_ms;
		macros->n_refused = screen->n_refused;
		snprintf(macros->last, sizeof macros->last, "%s", name);
	}
	macros->playing[macros->depth++] = playing;
	screen->dirt++;
}

void macro_play(struct screen *screen, const char *argument, int count)
{
	struct macros *macros = screen->macros;
	char key[KEY_NAME_BYTES];
	if (*argument != '\0') {
		play(screen, argument, count);
		return;
	}
	macros->awaits = CMD_PLAY;
	macros->count = count;
	screen_message(screen, ROLE_TEXT, _("Play which macro, a to z? %s plays the last one again."), screen_key_name(screen, CMD_PLAY, key));
}

bool macro_awaits_letter(const struct screen *screen)
{
	return screen->macros->awaits != CMD_NONE;
}

bool macro_letter(struct screen *screen, const struct key_event *event)
{
	struct macros *macros = screen->macros;
	enum command awaits = macros->awaits;
	uint32_t key = event->key;
	if (awaits == CMD_NONE)
		return false;
	macros->awaits = CMD_NONE;
	screen->dirt++;
	char name[2] = { (char)key, '\0' };
	bool again = awaits == CMD_PLAY && macros->last[0] != '\0' &&
	    keys_command(&screen->keys, screen_focused(screen)->type->place, key) == CMD_PLAY;
	if (key == KEY_ESCAPE || key == (KEY_CTRL | 'c'))
		return true;
	if (key >= 'a' && key <= 'z' && awaits == CMD_RECORD)
		record_under(screen, name[0]);
	else if (key >= 'a' && key <= 'z')
		play(screen, name, macros->count);
	else if (again)
		play(screen, macros->last, macros->count);
	else
		screen_message(screen, ROLE_WARN, "%s", _("Macros have letters, a to z."));
	return true;
}

/* What Webex or the shell sees, what changes a rule, or what nothing takes back. */
static bool reaches_out(struct screen *screen, enum command command)
{
	const struct pane_type *type = screen_focused(screen)->type;
	return command == CMD_QUIT || command == CMD_CONTAIN || (command == CMD_UNDO && desk_undo_reaches_out(screen->board->desk)) || command == CMD_SILENCE || command == CMD_SILENCE_NEW || command == CMD_SILENCE_EXTEND || command == CMD_SIGN_IN || command == CMD_IMPORT || command == CMD_DEMO || command == CMD_DOCTOR ||
	    command == CMD_SYNC_NOW || (command == CMD_OPEN && (type == &view_sign_in || type == &view_tuning));
}

/* ---- asking ------------------------------------------------------------------------------ */

static void on_allowed(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct macros *macros = screen->macros;
	UNUSED(arg);
	macros->asking = false;
	if (item->value == 0) {
		stop_saying(screen, _("it was not to do that"));
		return;
	}
	macros->allowed = true;
	screen_order(screen, macros->asked, macros->argument);
	macros->allowed = false;
	macros->since_ms = screen->steady_ms;
}

bool macro_asks(struct screen *screen, enum command command, const char *argument)
{
	struct macros *macros = screen->macros;
	char title[160];
	if (macros->depth == 0 || macros->allowed || !reaches_out(screen, command))
		return false;
	snprintf(title, sizeof title, _("Macro %s would: %s"), macros->playing[0].name, command_help(command));
	macros->asked = command;
	snprintf(macros->argument, sizeof macros->argument, "%s", argument);
	struct menu *menu = screen_menu(screen, title, on_allowed, NULL);
	menu_add(menu, '1', 0, _("no: stop here"));
	menu_add(menu, '2', 1, _("yes, this once"));
	macros->asking = true;
	return true;
}

/* ---- playing ------------------------------------------------------------------------------ */

/* Is there anything that a hand would wait for before its next key? */
static bool is_settled(struct screen *screen, const struct pane *pane)
{
	if (screen->n_in_flight > 0)
		return false;
	if (screen->modal != MODAL_NONE)
		return true;
	const struct list *list = screen_list(screen);
	return !pane->waiting && (!pane->behind || (list != NULL && list->frozen));
}

static bool moves(enum command command)
{
	return command >= CMD_UP && command <= CMD_PREV_SECTION;
}

/* Why the step cannot go on from here; NULL: it was done. */
static const char *step_key(struct screen *screen, uint32_t key)
{
	struct pane *pane = screen_focused(screen);
	struct list *list = screen_list(screen);
	enum modal before = screen->modal;
	bool moved = before == MODAL_NONE && screen->macros->awaits == CMD_NONE &&
	    moves(keys_command(&screen->keys, pane->type->place, key)) && list != NULL;
	int64_t id = moved ? list_selected_id(list) : 0;
	size_t top = moved ? list->top : 0;
	if (before == MODAL_MENU && !menu_takes(screen, key))
		return _("its next key does not answer what is asked");
	screen_do_key(screen, &(struct key_event){ .key = key });
	if ((before == MODAL_PROMPT || before == MODAL_FILTER || before == MODAL_COMMAND) && key == KEY_ENTER &&
	    screen->modal == before && screen->prompt.fault.code != FAULT_NONE)
		return screen->prompt.fault.text;
	return moved && list_selected_id(list) == id && list->top == top ? _("the list is at its end") : NULL;
}

static const char *step_line(struct screen *screen, const char *text)
{
	struct command_line line;
	struct fault fault;
	size_t offset;
	if (screen->modal != MODAL_NONE || screen->macros->awaits != CMD_NONE)
		return _("its next command does not answer what is asked");
	if (!command_line_read(text, &line, &fault, &offset))
		return _("its next command is none");
	struct list *list = moves(line.command) ? screen_list(screen) : NULL;
	int64_t id = list != NULL ? list_selected_id(list) : 0;
	size_t top = list != NULL ? list->top : 0;
	count_command(screen, line.command, line.argument, line.count);
	return list != NULL && list_selected_id(list) == id && list->top == top ? _("the list is at its end") : NULL;
}

static void step(struct screen *screen)
{
	struct macros *macros = screen->macros;
	struct playing *playing = &macros->playing[macros->depth - 1];
	if (playing->at == playing->n) {
		macros->n_steps++; /* an empty one takes its time, too */
		playing->at = 0;
		if (--playing->left <= 0)
			macros->depth--;
		screen->dirt += macros->depth == 0;
		return;
	}
	if (++macros->n_steps > STEPS_MOST) {
		stop_saying(screen, _("it has gone on for too long"));
		return;
	}
	size_t at = playing->at++;
	const char *why = playing->keys != NULL ? step_key(screen, playing->keys[at]) : step_line(screen, playing->lines[at]);
	macros->since_ms = screen->steady_ms;
	if (why == NULL || macros->depth == 0)
		return;
	char copy[480]; /* it may be of the prompt, or be said of again */
	snprintf(copy, sizeof copy, "%s", why);
	stop_saying(screen, copy);
}

void macro_go_on(struct screen *screen)
{
	struct macros *macros = screen->macros;
	for (int i = 0; i < STEPS_A_TURN && macros->depth > 0 && !screen->wishes.quit; i++) {
		if (macros->asking) {
			if (screen->modal == MODAL_MENU)
				return;
			stop_saying(screen, _("it was not to do that"));
			return;
		}
		struct pane *pane = screen_focused(screen);
		if (screen->modal == MODAL_NONE && pane->type->refresh != NULL)
			pane->type->refresh(pane);
		if (!is_settled(screen, pane)) {
			if (screen->steady_ms - macros->since_ms > PATIENCE_MS)
				stop_saying(screen, _("no answer came"));
			return;
		}
		/* Also an act, which is answered after its key. What was refused is on
		 * the screen. */
		if (macros->n_refused != screen->n_refused)
			macro_stop(screen);
		else
			step(screen);
	}
}

const char *macro_status(const struct screen *screen)
{
	static char text[MACRO_NAME_BYTES + 16];
	const struct macros *macros = screen->macros;
	text[0] = '\0';
	if (macros->depth > 0)
		snprintf(text, sizeof text, "\u25B8 %s", macros->playing[0].name);
	else if (macros->recording != NULL)
		snprintf(text, sizeof text, "\u25CF %c", letter_of(macros, macros->recording));
	return text;
}
