/* SPDX-License-Identifier: Apache-2.0
 *
 * A line of CEF as a receiver reads it: seven fields between pipes, then keys and values.
 * The keys that may stand there, and how long a value may be, are those of ArcSight's
 * dictionary, revision 23, as fluenda/ParCEFone has it (Apache-2.0, event/CefRev23.java);
 * a length is checked in bytes, which is no more than letters. */
#ifndef TEST_CEF_H
#define TEST_CEF_H

#include <ctype.h>

#include "test.h"

struct cef {
	char header[7][2000]; /* "CEF:0", vendor, product, version, signature, name, severity */
	struct cef_field {
		char key[32], value[5000];
	} fields[40];
	size_t n;
};

static const struct {
	const char *key;
	size_t most; /* 0: a number */
} cef_dictionary[] = { { "rt", 0 }, { "start", 0 }, { "end", 0 }, { "externalId", 40 }, { "cat", 1023 }, { "act", 63 }, { "outcome", 63 }, { "suid", 1023 }, { "suser", 1023 },
	{ "reason", 1023 }, { "cnt", 0 }, { "cs1", 4000 }, { "cs1Label", 1023 }, { "cs2", 4000 }, { "cs2Label", 1023 }, { "cs3", 4000 }, { "cs3Label", 1023 }, { "cs4", 4000 },
	{ "cs4Label", 1023 }, { "cs5", 4000 }, { "cs5Label", 1023 }, { "cn1", 0 }, { "cn1Label", 1023 }, { "cn2", 0 }, { "cn2Label", 1023 } };

/* Up to `end`; a backslash says that the next one is meant as it is. */
static inline bool cef_plain(const char *from, const char *end, const char *escaped, char *out, size_t room)
{
	size_t n = 0;
	for (; from < end; from++) {
		if (*from == '\\' && (++from >= end || strchr(escaped, *from) == NULL))
			return false;
		if (n + 1 >= room)
			return false;
		out[n++] = *from;
	}
	out[n] = '\0';
	return true;
}

static inline const char *cef_value(const struct cef *cef, const char *key)
{
	for (size_t i = 0; i < cef->n; i++)
		if (strcmp(cef->fields[i].key, key) == 0)
			return cef->fields[i].value;
	return NULL;
}

static inline bool cef_knows(const struct cef_field *field)
{
	for (size_t i = 0; i < COUNT_OF(cef_dictionary); i++) {
		if (strcmp(cef_dictionary[i].key, field->key) != 0)
			continue;
		size_t n = strlen(field->value);
		return cef_dictionary[i].most > 0 ? n <= cef_dictionary[i].most : n > 0 && strspn(field->value, "0123456789") == n;
	}
	return false;
}

/* The line without its end. False: no receiver could read it so. */
static inline bool cef_read(const char *line, struct cef *cef)
{
	const char *at = line;
	memset(cef, 0, sizeof *cef);
	for (size_t i = 0; i < 7; i++) {
		const char *end = at;
		while (*end != '\0' && *end != '|')
			end += *end == '\\' && end[1] != '\0' ? 2 : 1;
		if (*end != '|' || !cef_plain(at, end, "|\\", cef->header[i], sizeof cef->header[i]))
			return false;
		at = end + 1;
	}
	while (*at != '\0') {
		struct cef_field *field = &cef->fields[cef->n++];
		size_t n = strcspn(at, "=");
		if (cef->n > COUNT_OF(cef->fields) || at[n] != '=' || n == 0 || n >= sizeof field->key)
			return false;
		memcpy(field->key, at, n);
		for (const char *c = field->key; *c != '\0'; c++)
			if (!isalnum((unsigned char)*c))
				return false;
		at += n + 1;
		/* A value ends before the space before the next key, which is before an equals sign that is none of a value's. */
		const char *equals = at, *end;
		while (*equals != '\0' && *equals != '=')
			equals += *equals == '\\' && equals[1] != '\0' ? 2 : 1;
		for (end = equals; *equals != '\0' && end > at && *end != ' ';)
			end--;
		if (!cef_plain(at, end, "=\\nr", field->value, sizeof field->value) || cef_value(cef, field->key) != field->value || !cef_knows(field))
			return false;
		at = *end == ' ' ? end + 1 : end;
	}
	return true;
}

#endif
