/* SPDX-License-Identifier: Apache-2.0
 *
 * As much of JSON Schema as the schemas in tests/schemas say: type, const, enum,
 * required, properties, additionalProperties, items, minItems, maxItems, minLength,
 * maxLength (of bytes), minimum, maximum, pattern (POSIX extended), allOf, anyOf, and $ref to
 * another file there. What a schema says beside that is a failure, so that nothing is
 * checked less than it looks. $comment names the source. */
#ifndef TEST_JSON_SCHEMA_H
#define TEST_JSON_SCHEMA_H

#include <jansson.h>
#include <regex.h>

#include "base/text.h"
#include "test.h"

static inline bool schema_is_type(const json_t *value, const char *type)
{
	return strcmp(type, "object") == 0 ? json_is_object(value) : strcmp(type, "array") == 0 ? json_is_array(value) : strcmp(type, "string") == 0 ? json_is_string(value) :
	    strcmp(type, "integer") == 0 ? json_is_integer(value) : strcmp(type, "number") == 0 ? json_is_number(value) : strcmp(type, "boolean") == 0 ? json_is_boolean(value) :
	    strcmp(type, "null") == 0 ? json_is_null(value) : false;
}

static inline void schema_wrong(struct text *wrong, const char *path, const char *what)
{
	text_printf(wrong, "%s: %s\n", path, what);
}

static inline bool schema_fits(const char *pattern, const char *text)
{
	regex_t regex;
	REQUIRE(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) == 0);
	bool fits = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return fits;
}

/* tests/schemas/NAME.json; give it back. */
static inline json_t *schema_load(const char *name)
{
	char path[500];
	json_error_t error;
	const char *source = getenv("CENTINELA_SOURCE");
	snprintf(path, sizeof path, "%s/tests/schemas/%s.json", source != NULL ? source : ".", name);
	json_t *schema = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (schema == NULL)
		printf("%s: %s\n", path, error.text);
	REQUIRE(schema != NULL);
	return schema;
}

static inline void schema_check(const json_t *schema, const json_t *value, const char *path, struct text *wrong);

static inline void schema_check_any(const json_t *choices, const json_t *value, const char *path, struct text *wrong)
{
	struct text all = { 0 };
	json_t *choice;
	size_t i;
	json_array_foreach((json_t *)choices, i, choice) {
		struct text one = { 0 };
		schema_check(choice, value, path, &one);
		bool fits = one.n == 0;
		text_puts(&all, text_string(&one));
		text_clear(&one);
		if (fits) {
			text_clear(&all);
			return;
		}
	}
	schema_wrong(wrong, path, "none of its forms:");
	text_puts(wrong, text_string(&all));
	text_clear(&all);
}

static inline void schema_check(const json_t *schema, const json_t *value, const char *path, struct text *wrong)
{
	const char *key, *name;
	json_t *rule, *inner, *member;
	size_t i;
	json_object_foreach((json_t *)schema, key, rule) {
		char at[400];
		if (strcmp(key, "title") == 0 || strcmp(key, "$comment") == 0) {
			continue;
		} else if (strcmp(key, "type") == 0) {
			if (!schema_is_type(value, json_string_value(rule)))
				schema_wrong(wrong, path, json_string_value(rule));
		} else if (strcmp(key, "$ref") == 0) {
			json_t *other = schema_load(json_string_value(rule));
			schema_check(other, value, path, wrong);
			json_decref(other);
		} else if (strcmp(key, "allOf") == 0) {
			json_array_foreach(rule, i, inner)
				schema_check(inner, value, path, wrong);
		} else if (strcmp(key, "anyOf") == 0) {
			schema_check_any(rule, value, path, wrong);
		} else if (strcmp(key, "const") == 0) {
			if (!json_equal(rule, (json_t *)value))
				schema_wrong(wrong, path, "const");
		} else if (strcmp(key, "enum") == 0) {
			bool found = false;
			json_array_foreach(rule, i, inner)
				found |= json_equal(inner, (json_t *)value);
			if (!found)
				schema_wrong(wrong, path, "enum");
		} else if (strcmp(key, "required") == 0) {
			json_array_foreach(rule, i, inner)
				if (json_object_get(value, json_string_value(inner)) == NULL)
					schema_wrong(wrong, path, json_string_value(inner));
		} else if (strcmp(key, "properties") == 0) {
			json_object_foreach(rule, name, inner) {
				member = json_object_get(value, name);
				snprintf(at, sizeof at, "%s.%s", path, name);
				if (member != NULL)
					schema_check(inner, member, at, wrong);
			}
		} else if (strcmp(key, "additionalProperties") == 0) {
			json_object_foreach((json_t *)value, name, member) {
				snprintf(at, sizeof at, "%s.%s", path, name);
				bool is_named = json_object_get(json_object_get(schema, "properties"), name) != NULL;
				if (!is_named && json_is_false(rule))
					schema_wrong(wrong, at, "is not in the schema");
				else if (!is_named && json_is_object(rule))
					schema_check(rule, member, at, wrong);
			}
		} else if (strcmp(key, "items") == 0) {
			json_array_foreach((json_t *)value, i, inner) {
				snprintf(at, sizeof at, "%s[%zu]", path, i);
				schema_check(rule, inner, at, wrong);
			}
		} else if (strcmp(key, "minItems") == 0 || strcmp(key, "maxItems") == 0) {
			bool least = key[1] == 'i';
			if (least ? json_array_size(value) < (size_t)json_integer_value(rule) : json_array_size(value) > (size_t)json_integer_value(rule))
				schema_wrong(wrong, path, key);
		} else if (strcmp(key, "minLength") == 0 || strcmp(key, "maxLength") == 0) {
			size_t n = json_string_length(value), limit = (size_t)json_integer_value(rule);
			if (key[1] == 'i' ? n < limit : n > limit)
				schema_wrong(wrong, path, key);
		} else if (strcmp(key, "minimum") == 0 || strcmp(key, "maximum") == 0) {
			bool least = key[1] == 'i';
			if (least ? json_number_value(value) < json_number_value(rule) : json_number_value(value) > json_number_value(rule))
				schema_wrong(wrong, path, key);
		} else if (strcmp(key, "pattern") == 0) {
			if (!json_is_string(value) || !schema_fits(json_string_value(rule), json_string_value(value)))
				schema_wrong(wrong, path, "pattern");
		} else {
			schema_wrong(wrong, path, key); /* a word that is not checked here */
		}
	}
}

/* The text is JSON as tests/schemas/NAME.json has it; what is wrong is printed. */
static inline bool schema_accepts(const char *name, const char *text)
{
	json_error_t error;
	struct text wrong = { 0 };
	json_t *schema = schema_load(name), *value = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (value == NULL)
		text_printf(&wrong, "no JSON: %s\n", error.text);
	else
		schema_check(schema, value, "$", &wrong);
	if (wrong.n > 0)
		printf("%s: %s%.600s\n", name, text_string(&wrong), text);
	bool ok = wrong.n == 0;
	json_decref(schema);
	json_decref(value);
	text_clear(&wrong);
	return ok;
}

#endif
