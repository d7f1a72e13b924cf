/* SPDX-License-Identifier: Apache-2.0
 *
 * From a path to its route, and from what was sent to the values that the route's
 * table says. Pure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/parts.h"
#include "base/hash.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "net/url.h"

#define VALUE_BYTES  4096
#define NAME_LONGEST 200 /* of a {name} */
#define NAME_BYTES   (3 * NAME_LONGEST)

const char *api_entry_name(enum api_entry entry)
{
	return entry == ENTRY_OPEN ? "open" : token_scope_name((enum token_scope)(entry - ENTRY_VIEWER));
}

/* Digits without a sign, a blank or a zero before them. */
static size_t read_id(const char *path, int64_t *id)
{
	char digits[20];
	size_t n = strspn(path, "0123456789");
	if (n == 0 || n >= sizeof digits || *path == '0')
		return 0;
	memcpy(digits, path, n);
	digits[n] = '\0';
	return text_to_int(digits, 1, INT64_MAX, id) ? n : 0;
}

/* PostgreSQL takes nothing else, and what is bound is not looked at again. */
static bool is_utf8(const char *text)
{
	uint32_t point;
	for (size_t i = 0, n = strlen(text), used; i < n; i += used)
		if ((used = utf8_decode(text + i, n - i, &point)) == 1 && (unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

/* Up to the next slash; a plus is one here. False: it is none, too long, or has an escape
 * that is none. */
static bool read_name(const char *path, size_t n, struct arena *arena, const char **name)
{
	struct text decoded = { 0 };
	for (size_t i = 0; i < n && n <= NAME_BYTES; i++)
		text_printf(&decoded, path[i] == '+' ? "%%2B" : "%c", path[i]);
	char *text = arena_strdup(arena, text_string(&decoded));
	bool ok = n <= NAME_BYTES && url_decode(text) && *text != '\0' && strlen(text) <= NAME_LONGEST && is_utf8(text);
	text_clear(&decoded);
	*name = text;
	return ok;
}

static bool fits(const char *pattern, const char *path, struct arena *arena, struct api_named *named)
{
	*named = (struct api_named){ 0 };
	while (*pattern != '\0' && *path != '\0') {
		if (strncmp(pattern, "{id}", 4) == 0) {
			size_t n = read_id(path, &named->id);
			if (n == 0)
				return false;
			pattern += 4;
			path += n;
		} else if (strncmp(pattern, "{name}", 6) == 0) {
			size_t n = strcspn(path, "/");
			if (!read_name(path, n, arena, &named->name))
				return false;
			pattern += 6;
			path += n;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	/* With a slash at the end or without one. */
	if (*pattern == '/' && pattern[1] == '\0')
		pattern++;
	if (*path == '/' && path[1] == '\0')
		path++;
	return *pattern == '\0' && *path == '\0';
}

const struct api_route *api_route_find(const char *method, const char *path, struct api_named *named, struct arena *arena, const char **allow)
{
	*allow = "";
	if (strcmp(method, "HEAD") == 0)
		method = "GET";
	for (const struct api_route *route = api_routes; route->method != NULL; route++) {
		if (!fits(route->path, path, arena, named))
			continue;
		if (strcmp(route->method, method) == 0)
			return route;
		*allow = arena_printf(arena, "%s%s%s", *allow, **allow == '\0' ? "" : ", ", route->method);
	}
	return NULL;
}

/* ---- values -------------------------------------------------------------------------- */

static bool wrong(struct api_call *call, const struct api_field *field, const char *what)
{
	call->wrong = field->name;
	return fault_set(&call->fault, FAULT_INPUT, "%s %s", field->name, what);
}

/* The place of a word among "a|b|c"; -1. */
static int place_of(const char *choices, const char *word)
{
	size_t n = strlen(word);
	int place = 0;
	for (const char *p = choices; n > 0; place++) {
		size_t length = strcspn(p, "|");
		if (length == n && memcmp(p, word, n) == 0)
			return place;
		if (p[length] == '\0')
			break;
		p += length + 1;
	}
	return -1;
}

/* A number of a body has come as one: its text is what it is. */
static bool read_value(struct api_call *call, const struct api_field *field, const char *text, struct api_value *value)
{
	*value = (struct api_value){ .field = field, .text = text };
	switch (field->kind) {
	case API_TEXT:
		if (field->required && text[strspn(text, " \t\r\n")] == '\0')
			return wrong(call, field, "is missing");
		return (int64_t)strlen(text) <= (field->high > 0 ? field->high : 200) || wrong(call, field, "is too long");
	case API_INT:
		return text_to_int(text, field->low, field->high, &value->number) ||
		    wrong(call, field, arena_printf(&call->arena, "is a number from %lld to %lld", (long long)field->low, (long long)field->high));
	case API_TIME:
		return iso_time_parse(text, strlen(text), &value->number) || wrong(call, field, "is a time as 2026-10-05T09:00:00Z says it");
	case API_FLAG:
		value->number = strcmp(text, "true") == 0;
		return value->number || strcmp(text, "false") == 0 || wrong(call, field, "is true or false");
	case API_CHOICE:
		value->number = place_of(field->choices, text);
		return value->number >= 0 || wrong(call, field, arena_printf(&call->arena, "is one of %s", field->choices));
	case API_TARGETS: break; /* is no text */
	}
	return false;
}

static const struct api_field *field_named(const struct api_field *fields, const char *name)
{
	for (; fields != NULL && fields->name != NULL; fields++)
		if (strcmp(fields->name, name) == 0)
			return fields;
	return NULL;
}

/* The next free place of values; NULL: that field was given already. */
static struct api_value *place_for(struct api_value *values, const struct api_field *field)
{
	size_t i = 0;
	while (values[i].field != NULL && values[i].field != field)
		i++;
	return values[i].field == field ? NULL : &values[i];
}

/* The name as it came, so that it may be said: printable, and not long. */
static bool unknown(struct api_call *call, const char *name)
{
	char shown[60];
	text_printable(shown, sizeof shown, name, strlen(name));
	call->wrong = arena_strdup(&call->arena, shown);
	return fault_set(&call->fault, FAULT_INPUT, "there is no %s here", shown);
}

bool api_read_query(struct api_call *call, const char *query)
{
	char *copy = arena_strdup(&call->arena, query), *rest = copy;
	if (strlen(query) > VALUE_BYTES)
		return fault_set(&call->fault, FAULT_INPUT, "the query is longer than %d bytes", VALUE_BYTES);
	for (char *pair; (pair = strsep(&rest, "&")) != NULL;) {
		char *text = strchr(pair, '=');
		if (*pair == '\0')
			continue;
		if (text != NULL)
			*text++ = '\0';
		else
			text = pair + strlen(pair);
		if (!url_decode(pair) || !url_decode(text))
			return fault_set(&call->fault, FAULT_INPUT, "the query has an escape that is none, or a control character");
		if (!is_utf8(pair) || !is_utf8(text))
			return fault_set(&call->fault, FAULT_INPUT, "the query is not UTF-8");
		const struct api_field *field = field_named(call->route->query, pair);
		if (field == NULL && (call->route->flags & ROUTE_NUMBERS) && strcmp(pair, api_numbers_field.name) == 0)
			field = &api_numbers_field;
		if (field == NULL)
			return unknown(call, pair);
		struct api_value *value = place_for(call->query, field);
		if (value == NULL)
			return wrong(call, field, "is there twice");
		if (!read_value(call, field, text, value))
			return false;
	}
	for (const struct api_field *field = call->route->query; field != NULL && field->name != NULL; field++)
		if (field->required && !api_given(call->query, field->name))
			return wrong(call, field, "is missing");
	return true;
}

/* As a text, whatever it was; NULL: it is of the wrong kind. */
static const char *text_of(struct api_call *call, const struct api_field *field, const json_t *value)
{
	if (json_is_string(value) && field->kind != API_INT && field->kind != API_FLAG)
		return arena_strndup(&call->arena, json_string_value(value), json_string_length(value));
	if (json_is_integer(value) && field->kind == API_INT)
		return arena_printf(&call->arena, "%lld", (long long)json_integer_value(value));
	if (json_is_boolean(value) && field->kind == API_FLAG)
		return json_is_true(value) ? "true" : "false";
	return NULL;
}

/* 7, or {"id": 7, "revision": 3}. */
static bool read_target(const json_t *item, struct api_target *out)
{
	const json_t *id = json_is_object(item) ? json_object_get(item, "id") : item, *revision = json_object_get(item, "revision");
	*out = (struct api_target){ json_integer_value(id), json_integer_value(revision) };
	return json_is_integer(id) && out->id > 0 && (revision == NULL || (json_is_integer(revision) && out->revision > 0)) &&
	    (!json_is_object(item) || json_object_size(item) == 1 + (size_t)(revision != NULL));
}

static bool read_targets(struct api_call *call, const struct api_field *field, const json_t *list)
{
	size_t n = json_array_size(list);
	struct api_value *value = place_for(call->body, field);
	if (!json_is_array(list) || n == 0 || n > API_TARGETS_MAX)
		return wrong(call, field, arena_printf(&call->arena, "is a list of 1 to %d numbers of alerts, or of {\"id\", \"revision\"}", API_TARGETS_MAX));
	call->targets = arena_alloc(&call->arena, n * sizeof *call->targets);
	call->n_targets = n;
	*value = (struct api_value){ .field = field, .text = "" };
	for (size_t i = 0; i < n; i++)
		if (!read_target(json_array_get(list, i), &call->targets[i]))
			return wrong(call, field, arena_printf(&call->arena, "has no number of an alert, nor {\"id\", \"revision\"}, at place %zu", i));
	return true;
}

static bool read_members(struct api_call *call, json_t *object)
{
	const char *name;
	json_t *member;
	json_object_foreach(object, name, member) {
		const struct api_field *field = field_named(call->route->body, name);
		if (field == NULL)
			return unknown(call, name);
		if (json_is_null(member))
			continue;
		if (field->kind == API_TARGETS) {
			if (!read_targets(call, field, member))
				return false;
			continue;
		}
		const char *text = text_of(call, field, member);
		if (text == NULL)
			return wrong(call, field, "is of the wrong kind");
		if (!read_value(call, field, text, place_for(call->body, field)))
			return false;
	}
	for (const struct api_field *field = call->route->body; field->name != NULL; field++)
		if (field->required && !api_given(call->body, field->name))
			return wrong(call, field, "is missing");
	return true;
}

bool api_read_body(struct api_call *call, const char *body, size_t n)
{
	json_t *object;
	if (call->route->body == NULL)
		return n == 0 || strspn(body, " \t\r\n{}") == n || fault_set(&call->fault, FAULT_INPUT, "nothing is to be sent here");
	if (n == 0)
		body = "{}", n = 2;
	if (!json_parse_once(body, n, &object, &call->fault))
		return false;
	bool ok = json_is_object(object) || fault_set(&call->fault, FAULT_INPUT, "the body is a JSON object");
	ok = ok && read_members(call, object);
	json_decref(object);
	return ok;
}

/* ---- cursors ------------------------------------------------------------------------------ */

/* Of what is asked, in whatever order, but for how much of it at once. */
static uint32_t question_of(const struct api_call *call)
{
	static const char *const beside[] = { "cursor", "page", "page_size", "limit", "numbers" };
	uint64_t all = hash_text(call->route->name);
	for (const struct api_value *value = call->query; value->field != NULL; value++) {
		bool counts = true;
		for (size_t i = 0; i < COUNT_OF(beside); i++)
			counts = counts && strcmp(value->field->name, beside[i]) != 0;
		if (counts)
			all += hash_mix(hash_text(value->field->name) ^ hash_mix(hash_text(value->text)));
	}
	return (uint32_t)(all >> 32);
}

const char *api_cursor_seal(struct api_call *call, const char *text)
{
	return arena_printf(&call->arena, "%s~%08x", text, question_of(call));
}

bool api_cursor_open(struct api_call *call, const char **text)
{
	char seal[12];
	*text = api_text(call->query, "cursor", NULL);
	if (*text == NULL)
		return true;
	const char *end = strrchr(*text, '~');
	snprintf(seal, sizeof seal, "~%08x", question_of(call));
	if (end == NULL || strcmp(end, seal) != 0) {
		call->wrong = "cursor";
		return fault_set(&call->fault, FAULT_INPUT, "cursor is the next_cursor of the page before, with the order and the conditions that page was asked with");
	}
	*text = arena_strndup(&call->arena, *text, (size_t)(end - *text));
	return true;
}

/* ---- asked by those who answer ------------------------------------------------------------ */

static const struct api_value *find(const struct api_value *values, const char *name)
{
	for (; values->field != NULL; values++)
		if (strcmp(values->field->name, name) == 0)
			return values;
	return NULL;
}

bool api_given(const struct api_value *values, const char *name)
{
	return find(values, name) != NULL;
}

const char *api_text(const struct api_value *values, const char *name, const char *otherwise)
{
	const struct api_value *value = find(values, name);
	return value == NULL ? otherwise : value->text;
}

int64_t api_int(const struct api_value *values, const char *name, int64_t otherwise)
{
	const struct api_value *value = find(values, name);
	return value == NULL ? otherwise : value->number;
}
