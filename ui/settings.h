/* SPDX-License-Identifier: Apache-2.0
 *
 * What the configuration can set, as the console shows and changes it: the list
 * is given by whoever read the configuration. A change is one value in the
 * person's own file (base/yaml_edit.h), all else in it stays as it is. */
#ifndef UI_SETTINGS_H
#define UI_SETTINGS_H

#include "base/fault.h"
#include "base/text.h"

enum setting_kind { SETTING_TEXT, SETTING_BOOL, SETTING_NUMBER, SETTING_DURATION };
enum setting_source { SETTING_BY_DEFAULT, SETTING_BY_FILE, SETTING_BY_WORD };

struct setting {
	const char *key;   /* "console.theme" */
	const char *help, *otherwise; /* a msgid; the default, "" where it depends */
	const char *allows; /* as setting_forms.h has it */
	enum setting_kind kind;
	char *value;	   /* in force, as a file would say it */
	enum setting_source source;
};

struct settings {
	struct setting *items;
	size_t n;
	char *path; /* of the file; NULL: there is none to be changed */
	bool (*check)(const char *key, const char *value, struct fault *);
};

void settings_clear(struct settings *); /* frees */
const struct setting *settings_get(const struct settings *, const char *key); /* NULL: none, or settings is NULL */

/* Does the value hold a secret, or where one may be? Then what may be shown is
 * the value without it. */
bool setting_is_secret(const struct setting *, const char *value);
/* Printable; returns out. */
char *setting_shown(const struct setting *, const char *value, char *out, size_t capacity);
/* As the file would be read, and what only the console knows of it. */
bool setting_check(const struct settings *, const char *key, const char *value, struct fault *) MUST_USE;
/* Is it in force at once, or after a restart? */
bool setting_is_live(const struct setting *);

/* ---- the file: these block ------------------------------------------------------ */

/* What is in it. No file is an empty one. */
struct settings_file {
	char *bytes; /* NULL: there is none */
	size_t n;
	struct {
		char *value; /* NULL: the file does not say */
		int line;
	} *said; /* by the settings' order */
	size_t n_said;
};

bool settings_file_read(const struct settings *, struct settings_file *, struct fault *) MUST_USE;
void settings_file_clear(struct settings_file *);
/*
 * Put one value there. Refused when the file is not what it was when it was
 * read (FAULT_CONFLICT), is another's, is write-protected, or is not understood.
 * A new file is its owner's alone (0600); one that is there keeps its mode.
 */
bool settings_file_put(const struct settings *, const struct settings_file *was, const char *key, const char *value,
    struct fault *) MUST_USE;

#endif
