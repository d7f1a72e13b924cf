/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* place, key, command, in the key line? The first key of a command is the one
 * that is shown. Every F-key has a letter twin. */
static const struct {
	enum place place;
	const char *key;
	enum command command;
	bool foot;
} defaults[] = {
	{ PLACE_ALERTS, "a", CMD_ACK, true },
	{ PLACE_ALERTS, "C", CMD_CLAIM, false }, /* of what is nobody's it is what a does */
	{ PLACE_ALERTS, "c", CMD_CLOSE, true },
	{ PLACE_ALERTS, "z", CMD_SNOOZE, true },
	{ PLACE_ALERTS, "n", CMD_NOTE, true },
	{ PLACE_ALERTS, "W", CMD_EDIT_NOTE, false },
	{ PLACE_ALERTS, "A", CMD_ASSIGN, true },
	{ PLACE_ALERTS, "e", CMD_ESCALATE, false },
	{ PLACE_ALERTS, "r", CMD_REOPEN, false },
	{ PLACE_ALERTS, "w", CMD_WAKE, false },
	{ PLACE_ALERTS, "R", CMD_RELEASE, false },
	{ PLACE_ALERTS, "K", CMD_SILENCE, false },
	{ PLACE_ALERTS, "U", CMD_UNSILENCE, false },
	{ PLACE_ALERTS, "$", CMD_TAG, false },
	{ PLACE_ALERTS, "M-l", CMD_LINK, false },
	{ PLACE_ALERTS, "M-u", CMD_UNLINK, false },
	{ PLACE_ALERTS, "d", CMD_MERGE, false },
	{ PLACE_ALERTS, "f", CMD_TUNE, false },
	{ PLACE_ALERTS, "b", CMD_CONTAIN, true }, /* block, bloquear; x groups and ticks */
	{ PLACE_ALERTS, ".", CMD_REPEAT, false },
	{ PLACE_ALERTS, "u", CMD_UNDO, false },
	{ PLACE_ALERTS, "C-y", CMD_REDO, false },
	{ PLACE_ALERTS, "p", CMD_PROFILE, false },
	{ PLACE_ALERTS, "v", CMD_RELATED, false },
	{ PLACE_ALERTS, "i", CMD_CASE, false },
	{ PLACE_ALERTS, "F5", CMD_ACK, false },
	{ PLACE_ALERTS, "F8", CMD_CLOSE, false },
	{ PLACE_QUEUE, "m", CMD_MARK, false },
	{ PLACE_QUEUE, "Ins", CMD_MARK, false },
	{ PLACE_QUEUE, "*", CMD_MARK_ALL, false },
	{ PLACE_QUEUE, "&", CMD_MARK_MATCHING, false },
	{ PLACE_QUEUE, "Z", CMD_FREEZE, false },
	{ PLACE_QUEUE, "X", CMD_SHOW_CLOSED, false },
	{ PLACE_QUEUE, "s", CMD_SORT, false },
	{ PLACE_QUEUE, "M-s", CMD_SORT_BY, false },
	{ PLACE_QUEUE, "x", CMD_GROUP, false },
	{ PLACE_QUEUE, "+", CMD_UNFOLD, false },
	{ PLACE_QUEUE, "/", CMD_FILTER, true },
	{ PLACE_QUEUE, "\\", CMD_CLEAR_FILTER, false },
	{ PLACE_QUEUE, "_", CMD_CLEAR_FILTER, false },
	{ PLACE_QUEUE, "Backspace", CMD_FILTER_BACK, false },
	{ PLACE_QUEUE, "-", CMD_FILTER_PART, false },
	{ PLACE_QUEUE, "'", CMD_SAVED_FILTERS, false },
	{ PLACE_QUEUE, "=", CMD_PIVOT, false },
	{ PLACE_LIVE, "Z", CMD_FREEZE, true },
	{ PLACE_LIVE, "s", CMD_SORT, true },
	{ PLACE_LIVE, "/", CMD_FILTER, true },
	{ PLACE_LIVE, "\\", CMD_CLEAR_FILTER, false },
	{ PLACE_LIVE, "_", CMD_CLEAR_FILTER, false },
	{ PLACE_LIVE, "Backspace", CMD_FILTER_BACK, false },
	{ PLACE_LIVE, "-", CMD_FILTER_PART, false },
	{ PLACE_LIVE, "'", CMD_SAVED_FILTERS, false },
	{ PLACE_LIVE, "=", CMD_PIVOT, false },
	{ PLACE_LIVE, "p", CMD_PROFILE, false },
	{ PLACE_LIVE, "P", CMD_NUMBER, false },
	{ PLACE_LIVE, "v", CMD_RELATED, false },
	{ PLACE_LOCATIONS, "p", CMD_PROFILE, true },
	{ PLACE_LOCATIONS, "s", CMD_SORT, true },
	{ PLACE_LOCATIONS, "/", CMD_FILTER, true },
	{ PLACE_LOCATIONS, "\\", CMD_CLEAR_FILTER, false },
	{ PLACE_LOCATIONS, "_", CMD_CLEAR_FILTER, false },
	{ PLACE_LOCATIONS, "Backspace", CMD_FILTER_BACK, false },
	{ PLACE_LOCATIONS, "-", CMD_FILTER_PART, false },
	{ PLACE_LOCATIONS, "'", CMD_SAVED_FILTERS, false },
	{ PLACE_LOCATIONS, "=", CMD_PIVOT, false },
	{ PLACE_SCORES, "p", CMD_PROFILE, true },
	{ PLACE_SCORES, "v", CMD_RELATED, false },
	{ PLACE_SCORES, "s", CMD_SORT, true },
	{ PLACE_SCORES, "/", CMD_FILTER, true },
	{ PLACE_SCORES, "\\", CMD_CLEAR_FILTER, false },
	{ PLACE_SCORES, "_", CMD_CLEAR_FILTER, false },
	{ PLACE_SCORES, "Backspace", CMD_FILTER_BACK, false },
	{ PLACE_SCORES, "-", CMD_FILTER_PART, false },
	{ PLACE_SCORES, "'", CMD_SAVED_FILTERS, false },
	{ PLACE_SCORES, "=", CMD_PIVOT, false },
	{ PLACE_CALLS, "/", CMD_FILTER, true },
	{ PLACE_CALLS, "\\", CMD_CLEAR_FILTER, true },
	{ PLACE_CALLS, "_", CMD_CLEAR_FILTER, false },
	{ PLACE_CALLS, "Backspace", CMD_FILTER_BACK, false },
	{ PLACE_CALLS, "-", CMD_FILTER_PART, false },
	{ PLACE_CALLS, "'", CMD_SAVED_FILTERS, false },
	{ PLACE_CALLS, "=", CMD_PIVOT, false },
	{ PLACE_CALLS, "Z", CMD_FREEZE, false },
	{ PLACE_CALLS, "p", CMD_PROFILE, false },
	{ PLACE_CALLS, "P", CMD_NUMBER, false },
	{ PLACE_CALLS, "v", CMD_RELATED, false },
	{ PLACE_CALL, "J", CMD_RAW, true },
	{ PLACE_CALL, "p", CMD_PROFILE, true },
	{ PLACE_CALL, "P", CMD_NUMBER, false },
	{ PLACE_CALL, "v", CMD_RELATED, true },
	{ PLACE_CALL, "=", CMD_PIVOT, false },
	{ PLACE_ALERT, "x", CMD_TICK, false },
	{ PLACE_ALERT, "J", CMD_RAW, false },
	{ PLACE_ALERT, "P", CMD_NUMBER, false },
	{ PLACE_ALERT, "=", CMD_PIVOT, false },
	{ PLACE_PROFILE, "c", CMD_CALLS_OF, true },
	{ PLACE_PROFILE, "v", CMD_RELATED, true },
	{ PLACE_PROFILE, "=", CMD_PIVOT, false },
	{ PLACE_CASE, "W", CMD_EXPORT, true },
	{ PLACE_CASE, "v", CMD_RELATED, true },
	{ PLACE_HANDOVER, "[", CMD_EARLIER, true },
	{ PLACE_HANDOVER, "]", CMD_LATER, true },
	{ PLACE_HANDOVER, "<", CMD_EARLIER, false },
	{ PLACE_HANDOVER, ">", CMD_LATER, false },
	{ PLACE_HANDOVER, "W", CMD_EXPORT, true },
	{ PLACE_RULES, "r", CMD_REPLAY, true },
	{ PLACE_RULES, "e", CMD_REHEARSE, true },
	{ PLACE_RULES, "s", CMD_SORT, true },
	{ PLACE_RULES, "c", CMD_CANCEL, true },
	{ PLACE_RULES, "Esc", CMD_CANCEL, false },
	{ PLACE_SILENCES, "n", CMD_SILENCE_NEW, true },
	{ PLACE_SILENCES, "x", CMD_SILENCE_EXTEND, true },
	{ PLACE_SILENCES, "e", CMD_SILENCE_END, true },
	{ PLACE_SILENCES, "u", CMD_UNDO, false },
	{ PLACE_SILENCES, "C-y", CMD_REDO, false },
	{ PLACE_SILENCES, "s", CMD_SORT, true },
	{ PLACE_SILENCES, "/", CMD_FILTER, true },
	{ PLACE_SILENCES, "\\", CMD_CLEAR_FILTER, false },
	{ PLACE_SILENCES, "_", CMD_CLEAR_FILTER, false },
	{ PLACE_TUNING, "J", CMD_RAW, false },
	{ PLACE_TUNING, "c", CMD_CANCEL, true },
	{ PLACE_TUNING, "Esc", CMD_CANCEL, false },
	{ PLACE_SETTINGS, "/", CMD_FILTER, true },
	{ PLACE_SETTINGS, "\\", CMD_CLEAR_FILTER, false },
	{ PLACE_SETTINGS, "_", CMD_CLEAR_FILTER, false },
	{ PLACE_SIGN_IN, "i", CMD_IMPORT, true },
	{ PLACE_SIGN_IN, "d", CMD_DEMO, true },
	{ PLACE_SIGN_IN, "T", CMD_DOCTOR, true },
	{ PLACE_TEXT, "/", CMD_FILTER, true },
	{ PLACE_TEXT, "\\", CMD_CLEAR_FILTER, false },
	{ PLACE_TEXT, "_", CMD_CLEAR_FILTER, false },
	{ PLACE_LIST, "k", CMD_UP, false },
	{ PLACE_LIST, "Up", CMD_UP, false },
	{ PLACE_LIST, "j", CMD_DOWN, false },
	{ PLACE_LIST, "Down", CMD_DOWN, false },
	{ PLACE_LIST, "C-b", CMD_PAGE_UP, false },
	{ PLACE_LIST, "PgUp", CMD_PAGE_UP, false },
	{ PLACE_LIST, "C-f", CMD_PAGE_DOWN, false },
	{ PLACE_LIST, "PgDn", CMD_PAGE_DOWN, false },
	{ PLACE_LIST, "g", CMD_TOP, false },
	{ PLACE_LIST, "Home", CMD_TOP, false },
	{ PLACE_LIST, "G", CMD_BOTTOM, false },
	{ PLACE_LIST, "End", CMD_BOTTOM, false },
	{ PLACE_LIST, "Enter", CMD_OPEN, true },
	{ PLACE_LIST, "l", CMD_OPEN, false },
	{ PLACE_LIST, "Right", CMD_OPEN, false },
	{ PLACE_LIST, "C-n", CMD_NEXT_SECTION, true }, /* where a text goes on below */
	{ PLACE_LIST, "M-j", CMD_NEXT_SECTION, false },
	{ PLACE_LIST, "C-p", CMD_PREV_SECTION, false },
	{ PLACE_LIST, "M-k", CMD_PREV_SECTION, false },
	{ PLACE_LIST, "|", CMD_COLUMNS, false },
	{ PLACE_LIST, "W", CMD_COLUMNS, false },
	{ PLACE_LIST, "M-r", CMD_ROOMY, false },
	{ PLACE_GLOBAL, "Space", CMD_PALETTE, true },
	{ PLACE_GLOBAL, "?", CMD_HELP, true },
	{ PLACE_GLOBAL, "F1", CMD_HELP, false },
	{ PLACE_GLOBAL, "q", CMD_BACK, false },
	{ PLACE_GLOBAL, "Esc", CMD_BACK, false },
	{ PLACE_GLOBAL, "h", CMD_BACK, false },
	{ PLACE_GLOBAL, "Left", CMD_BACK, false },
	{ PLACE_GLOBAL, "Tab", CMD_NEXT_PANE, false },
	{ PLACE_GLOBAL, "S-Tab", CMD_PREV_PANE, false },
	{ PLACE_GLOBAL, "1", CMD_PANE_1, false },
	{ PLACE_GLOBAL, "2", CMD_PANE_2, false },
	{ PLACE_GLOBAL, "3", CMD_PANE_3, false },
	{ PLACE_GLOBAL, "4", CMD_PANE_4, false },
	{ PLACE_GLOBAL, "o", CMD_ZOOM, false },
	{ PLACE_GLOBAL, "F11", CMD_ZOOM, false },
	{ PLACE_GLOBAL, "F", CMD_LAYOUT, false },
	{ PLACE_GLOBAL, ">", CMD_WIDER, false },
	{ PLACE_GLOBAL, "M-Right", CMD_WIDER, false },
	{ PLACE_GLOBAL, "<", CMD_NARROWER, false },
	{ PLACE_GLOBAL, "M-Left", CMD_NARROWER, false },
	{ PLACE_GLOBAL, ")", CMD_TALLER, false },
	{ PLACE_GLOBAL, "M-Down", CMD_TALLER, false },
	{ PLACE_GLOBAL, "(", CMD_LOWER, false },
	{ PLACE_GLOBAL, "M-Up", CMD_LOWER, false },
	{ PLACE_GLOBAL, "L", CMD_CALLS, false },
	{ PLACE_GLOBAL, "F2", CMD_CALLS, false },
	{ PLACE_GLOBAL, "S", CMD_SYNC, false },
	{ PLACE_GLOBAL, "F3", CMD_SYNC, false },
	{ PLACE_GLOBAL, "D", CMD_AUDIT, false },
	{ PLACE_GLOBAL, "F4", CMD_AUDIT, false },
	{ PLACE_GLOBAL, "E", CMD_LOG, false },
	{ PLACE_GLOBAL, "F6", CMD_LOG, false },
	{ PLACE_GLOBAL, "B", CMD_RULES, false },
	{ PLACE_GLOBAL, "F7", CMD_RULES, false },
	{ PLACE_GLOBAL, "O", CMD_SETTINGS, false },
	{ PLACE_GLOBAL, "V", CMD_SILENCES, false },
	{ PLACE_GLOBAL, "M-o", CMD_ORGANISATIONS, false },
	{ PLACE_GLOBAL, "M-d", CMD_DAY, false },
	{ PLACE_GLOBAL, "H", CMD_HANDOVER, false },
	{ PLACE_GLOBAL, "[", CMD_EARLIER, false },
	{ PLACE_GLOBAL, "M-p", CMD_EARLIER, false },
	{ PLACE_GLOBAL, "]", CMD_LATER, false },
	{ PLACE_GLOBAL, "M-n", CMD_LATER, false },
	{ PLACE_GLOBAL, "{", CMD_DAY_EARLIER, false },
	{ PLACE_GLOBAL, "M-P", CMD_DAY_EARLIER, false },
	{ PLACE_GLOBAL, "}", CMD_DAY_LATER, false },
	{ PLACE_GLOBAL, "M-N", CMD_DAY_LATER, false },
	{ PLACE_GLOBAL, "C-t", CMD_MOMENT, false },
	{ PLACE_GLOBAL, "I", CMD_SIGN_IN, false },
	{ PLACE_GLOBAL, "!", CMD_NEW_ALERT, false },
	{ PLACE_GLOBAL, "C-r", CMD_SYNC_NOW, false },
	{ PLACE_GLOBAL, "#", CMD_MASK, false },
	{ PLACE_GLOBAL, "N", CMD_MASK, false },
	{ PLACE_GLOBAL, "T", CMD_ZONE, false },
	{ PLACE_GLOBAL, "t", CMD_THEME, false },
	{ PLACE_GLOBAL, "M", CMD_MOUSE, false },
	{ PLACE_GLOBAL, "y", CMD_COPY, false },
	{ PLACE_GLOBAL, "Y", CMD_COPY_AS, false },
	{ PLACE_GLOBAL, "C-l", CMD_REDRAW, false },
	{ PLACE_GLOBAL, ":", CMD_PROMPT, false },
	{ PLACE_GLOBAL, ",", CMD_PLAY, false },
	{ PLACE_GLOBAL, "@", CMD_PLAY, false },
	{ PLACE_GLOBAL, "F9", CMD_PLAY, false },
	{ PLACE_GLOBAL, ";", CMD_RECORD, false }, /* on Latin keyboards , with Shift; q is back */
	{ PLACE_GLOBAL, "F12", CMD_RECORD, false },
	{ PLACE_GLOBAL, "Q", CMD_QUIT, false },
	{ PLACE_GLOBAL, "F10", CMD_QUIT, false },
	{ PLACE_GLOBAL, "C-c", CMD_QUIT, false },
};

static const struct {
	const char *name, *title;
} places[N_PLACES] = {
#define PLACE_ROW(id, name, title) [id] = { name, title },
	PLACES(PLACE_ROW)
#undef PLACE_ROW
};

const char *place_name(enum place place)
{
	return places[place].name;
}

const char *place_title(enum place place)
{
	return _(places[place].title);
}

size_t place_chain(enum place place, enum place chain[PLACES_DEEP])
{
	size_t n = 0;
	if (place != PLACE_GLOBAL && place != PLACE_LIST && place != PLACE_ALERTS)
		chain[n++] = place;
	if (place == PLACE_QUEUE || place == PLACE_ALERT || place == PLACE_CASE || place == PLACE_ALERTS)
		chain[n++] = PLACE_ALERTS;
	if (place == PLACE_PROFILE || place == PLACE_CASE || place == PLACE_HANDOVER)
		chain[n++] = PLACE_TEXT;
	if (place != PLACE_GLOBAL)
		chain[n++] = PLACE_LIST;
	chain[n++] = PLACE_GLOBAL;
	return n;
}

/* Does what works in `outer` work in `place` too? */
bool place_within(enum place place, enum place outer)
{
	enum place chain[PLACES_DEEP];
	size_t n = place_chain(place, chain);
	bool within = false;
	for (size_t i = 0; i < n; i++)
		within |= chain[i] == outer;
	return within;
}

static void bind(struct keys *keys, struct binding binding)
{
	keys->bindings = mem_grow(keys->bindings, keys->n, &keys->capacity, sizeof binding);
	keys->bindings[keys->n++] = binding;
}

void keys_init(struct keys *keys)
{
	*keys = (struct keys){ 0 };
	for (size_t i = 0; i < COUNT_OF(defaults); i++) {
		uint32_t key;
		bool known = key_named(defaults[i].key, &key);
		assert(known);
		UNUSED(known);
		bind(keys, (struct binding){ .place = defaults[i].place, .key = key,
		    .command = defaults[i].command, .foot = defaults[i].foot });
	}
}

void keys_clear(struct keys *keys)
{
	for (size_t i = 0; i < keys->n_macros; i++) {
		for (size_t k = 0; k < keys->macros[i].n; k++)
			free(keys->macros[i].lines[k]);
		free(keys->macros[i].lines);
		free(keys->macros[i].keys);
	}
	free(keys->macros);
	free(keys->bindings);
	*keys = (struct keys){ 0 };
}

bool keys_at_home(enum place place, enum command command)
{
	for (size_t i = 0; i < COUNT_OF(defaults); i++)
		if (defaults[i].place == place && defaults[i].command == command)
			return true;
	return false;
}

bool keys_at_foot(enum place place, enum command command)
{
	for (size_t i = 0; i < COUNT_OF(defaults); i++)
		if (defaults[i].place == place && defaults[i].command == command && defaults[i].foot)
			return true;
	return false;
}

bool keys_belongs(enum place place, enum command command)
{
	enum place chain[PLACES_DEEP];
	size_t n = place_chain(place, chain);
	for (size_t i = 0; i < n; i++)
		if (keys_at_home(chain[i], command))
			return true;
	return false;
}

/* ---- asking ------------------------------------------------------------------ */

const struct binding *keys_binding(const struct keys *keys, enum place place, uint32_t key)
{
	enum place chain[PLACES_DEEP];
	size_t n = place_chain(place, chain);
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < keys->n; i++)
			if (keys->bindings[i].place == chain[k] && keys->bindings[i].key == key)
				return &keys->bindings[i];
	return NULL;
}

enum command keys_command(const struct keys *keys, enum place place, uint32_t key)
{
	const struct binding *binding = keys_binding(keys, place, key);
	return binding != NULL ? binding->command : CMD_NONE;
}

bool keys_reaches(const struct keys *keys, enum place place, const struct binding *binding)
{
	return keys_binding(keys, place, binding->key) == binding;
}

/* The command as it is, not one with something said beforehand. */
static bool gives(const struct keys *keys, enum place place, const struct binding *b, enum command command)
{
	return b->command == command && b->argument[0] == '\0' && keys_reaches(keys, place, b);
}

uint32_t keys_of(const struct keys *keys, enum place place, enum command command)
{
	enum place chain[PLACES_DEEP];
	size_t n = place_chain(place, chain);
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < keys->n; i++)
			if (keys->bindings[i].place == chain[k] && gives(keys, place, &keys->bindings[i], command))
				return keys->bindings[i].key;
	return 0;
}

char *keys_names(const struct keys *keys, enum place place, enum command command, char *out,
    size_t capacity)
{
	enum place chain[PLACES_DEEP];
	size_t n = place_chain(place, chain), used = 0;
	out[0] = '\0';
	for (size_t k = 0; k < n; k++) {
		for (size_t i = 0; i < keys->n; i++) {
			const struct binding *b = &keys->bindings[i];
			char name[KEY_NAME_BYTES];
			if (b->place != chain[k] || !gives(keys, place, b, command))
				continue;
			key_name(b->key, name);
			if (used + strlen(name) + 2 > capacity)
				return out;
			used += (size_t)snprintf(out + used, capacity - used, "%s%s",
			    used > 0 ? " " : "", name);
		}
	}
	return out;
}
