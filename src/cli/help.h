/* SPDX-License-Identifier: Apache-2.0
 *
 * What is told about the program, made from the tables the program runs by:
 * commands, their options, settings, keys, filter fields, scopes. One writer,
 * three forms. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/fault.h"
#include "base/text.h"

enum form { FORM_PLAIN, FORM_MARKDOWN, FORM_TROFF };

struct sheet {
	enum form form;
	struct text out;
};

void sheet_heading(struct sheet *, const char *title);
/* A run of entries begins: what their two columns are. */
void sheet_entries(struct sheet *, const char *term, const char *meaning);
void sheet_entry(struct sheet *, const char *term, const char *meaning);

/* Parts of the README, and chapters of the manual page. */
void help_commands(struct sheet *);
void help_settings(struct sheet *);
void help_filter(struct sheet *);
void help_facts(struct sheet *);
void help_scopes(struct sheet *);
void help_redirects(struct sheet *);
void help_routes(struct sheet *);
void help_destinations(struct sheet *);
/* keys_file: a person's own over the built-in; NULL or "" none. */
bool help_keys(struct sheet *, const char *keys_file, struct fault *) MUST_USE;

/* "commands", "settings" …: false when there is no such part. */
bool help_part(const char *name, struct text *out);
const char *help_part_name(size_t i); /* NULL at the end */
/* A file's text with what stands between "<!-- part NAME -->" and
 * "<!-- end NAME -->" made anew. */
bool help_renew(const char *readme, struct text *out, struct fault *) MUST_USE;
/* The manual page, as troff. */
void help_man(struct text *out);

struct command_option {
	const char *command, *name, *help; /* "" as command: of all */
};
extern const struct command_option command_options[]; /* a NULL command ends it */

#endif
