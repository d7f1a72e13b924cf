/* SPDX-License-Identifier: Apache-2.0
 *
 * One table, where × key → command, makes dispatch, help, palette and the key
 * line at the foot. A person's own file (ui/keys_file.c) lies over it:
 *
 *	commands:			# a command and its keys, these alone
 *	  ack: [W, F5]
 *	  mark: []			# none
 *	  queue: {sort: O}		# there alone
 *	  close false_positive: F	# with what it would have asked
 *	keys:				# or a key and what it does somewhere
 *	  queue: {a: ack, F5: close}
 *	  everywhere: {C-l: redraw}	# an empty command unbinds
 *	macros:				# commands under a name: play lunch
 *	  lunch: [ack, snooze 1h lunch]
 *	  next: c 3 j		# or keys, as help shows what was recorded
 */
#ifndef UI_KEYS_H
#define UI_KEYS_H

#include "base/fault.h"
#include "ui/command_line.h"
#include "ui/input.h"

#define PLACES(row)                                                                  \
	row(PLACE_GLOBAL, "everywhere", N_("Everywhere"))                            \
	row(PLACE_LIST, "list", N_("In every list"))                                 \
	row(PLACE_ALERTS, "alerts", N_("On alerts"))                                 \
	row(PLACE_LOCATIONS, "locations", N_("Locations"))                           \
	row(PLACE_LIVE, "live", N_("Live calls"))                                    \
	row(PLACE_SCORES, "scores", N_("Scores"))                                    \
	row(PLACE_QUEUE, "queue", N_("Queue"))                                       \
	row(PLACE_ALERT, "alert", N_("An alert"))                                    \
	row(PLACE_CALLS, "calls", N_("Calls explorer"))                              \
	row(PLACE_CALL, "call", N_("A call"))                                        \
	row(PLACE_PROFILE, "profile", N_("A profile"))                               \
	row(PLACE_CASE, "case", N_("A case"))                                        \
	row(PLACE_HANDOVER, "handover", N_("Hand-over"))                             \
	row(PLACE_RULES, "rules", N_("Rules"))                                       \
	row(PLACE_SILENCES, "silences", N_("Silences"))                              \
	row(PLACE_TUNING, "tuning", N_("Tuning"))                                    \
	row(PLACE_SETTINGS, "settings", N_("Settings"))                              \
	row(PLACE_SIGN_IN, "sign-in", N_("First steps"))                             \
	row(PLACE_TEXT, "text", N_("Text views"))

enum place {
#define PLACE_ENUM(id, name, title) id,
	PLACES(PLACE_ENUM)
#undef PLACE_ENUM
	N_PLACES
};

const char *place_name(enum place);
const char *place_title(enum place); /* translated */
#define PLACES_DEEP 5 /* at most */
/* Places whose keys work in `place` too, nearest first, ends in PLACE_GLOBAL.
 * Returns how many. */
size_t place_chain(enum place, enum place chain[PLACES_DEEP]);
bool place_within(enum place place, enum place outer); /* is `outer` in its chain? */

struct binding {
	enum place place;
	uint32_t key;
	enum command command;
	bool foot; /* stands in the key line */
	char argument[ARGUMENT_BYTES]; /* what the command would ask for; "" it asks */
};

#define MACRO_NAME_BYTES 24
#define MACRO_KEYS_MOST	 500
/* Commands under a name, or keys: "macros:" of the key file. */
struct named_macro {
	char name[MACRO_NAME_BYTES];
	char **lines;
	size_t n;
	uint32_t *keys;
	size_t n_keys;
};
/* What it does, in one line. */
void named_macro_print(const struct named_macro *, char *out, size_t capacity);
/* "c 3 j", as much of it as fits. */
void key_names(const uint32_t *keys, size_t n, char *out, size_t capacity);

struct keys {
	struct binding *bindings;
	size_t n, capacity;
	struct named_macro *macros;
	size_t n_macros, macros_capacity;
};

void keys_init(struct keys *); /* the built-in table */
void keys_clear(struct keys *);
/* Lay a person's file over it. On a fault nothing is changed. */
bool keys_parse(struct keys *, const char *name, const char *bytes, size_t n, struct fault *)
    MUST_USE;
bool keys_read(struct keys *, const char *path, struct fault *) MUST_USE;

/* What the key does in `place`; NULL nothing. A binding to CMD_NONE: nothing,
 * though it does something further out. */
const struct binding *keys_binding(const struct keys *, enum place, uint32_t key);
enum command keys_command(const struct keys *, enum place, uint32_t key);
/* Is it what its key does in `place`, or does a nearer one stand before it? */
bool keys_reaches(const struct keys *, enum place, const struct binding *);
/* The first key that gives `command` in `place`; 0 none. */
uint32_t keys_of(const struct keys *, enum place, enum command);
/* "a", "j Down", at most `capacity` bytes. */
char *keys_names(const struct keys *, enum place, enum command, char *out, size_t capacity);

/* Where the built-in table has the command: in this place itself, and at the
 * foot there; in this place or one whose keys work here. */
bool keys_at_home(enum place, enum command);
bool keys_at_foot(enum place, enum command);
bool keys_belongs(enum place, enum command);

#endif
