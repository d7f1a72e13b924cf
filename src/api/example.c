/* SPDX-License-Identifier: Apache-2.0
 *
 * Examples of answers, made of the shapes they are described by (schema.c): what changes
 * there changes here. The table has what a person would expect to see under a name; where
 * it has nothing, the kind says something plain. */
#include <string.h>

#include "api/schema.h"
#include "base/base.h"

/* The first of its name that is of the kind; of words that are listed one of them. */
static const struct {
	const char *name, *json;
} values[] = {
	{ "act", "\"close\"" },
	{ "after", "\"legitimate\"" },
	{ "amount", "12.5" },
	{ "assignee", "\"ana\"" },
	{ "authorization_url", "\"https://webexapis.com/v1/authorize?response_type=code&client_id=C0123\"" },
	{ "before", "\"in_progress\"" },
	{ "call_id", "\"1844674407370955161\"" },
	{ "call_type", "\"SIP_INTERNATIONAL\"" },
	{ "called_number", "\"+3712555010\"" },
	{ "calling_number", "\"4021\"" },
	{ "chain_holds", "true" },
	{ "class", "\"mobile\"" },
	{ "client_type", "\"WXC_CLIENT\"" },
	{ "closed_by", "\"ana\"" },
	{ "country", "\"LV\"" },
	{ "currency", "\"USD\"" },
	{ "device_mac", "\"AABBCCDDEEFF\"" },
	{ "email", "\"ana.bernal@example.com\"" },
	{ "end", "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"" },
	{ "expected", "\"0\"" },
	{ "extension", "\"4021\"" },
	{ "fact", "\"destination\"" },
	{ "far_number", "\"+3712555010\"" },
	{ "file", "\"wangiri.yml\"" },
	{ "filter", "\"rule == wangiri and location == Colombia\"" },
	{ "high", "2" },
	{ "id", "\"2b7e1516-28ae-42a6-ab7f-000000000001\"" },
	{ "id", "412" },
	{ "job_id", "\"1\"" },
	{ "kind", "\"person\"" },
	{ "level", "\"high\"" },
	{ "live", "\"webhook\"" },
	{ "location", "\"Colombia\"" },
	{ "name", "\"Ana Bernal\"" },
	{ "next_cursor", "\"3.2.1759654800000.412~5f3a9c01\"" },
	{ "note", "\"asked the person: a conference\"" },
	{ "number", "\"+576015550101\"" },
	{ "openapi", "\"3.1.0\"" },
	{ "owner", "\"ana\"" },
	{ "playbook", "\"Ask the person by another way\"" },
	{ "points", "40" },
	{ "reason", "\"carrier tests\"" },
	{ "record", "{\"Report ID\": \"2b7e1516-28ae-32a6-ab7f-000000000001\", \"Direction\": \"ORIGINATING\"}" },
	{ "report_id", "\"2b7e1516-28ae-32a6-ab7f-000000000001\"" },
	{ "report_ids", "\"2b7e1516-28ae-32a6-ab7f-000000000001\"" },
	{ "resolution", "\"legitimate\"" },
	{ "rule", "\"4e0f1fba-35d2-5187-955d-e1235ba19f3b\"" },
	{ "score", "71" },
	{ "severity", "\"high\"" },
	{ "state", "\"in_progress\"" },
	{ "status", "\"stable\"" },
	{ "status", "\"following\"" },
	{ "step", "\"Ask the person by another way\"" },
	{ "subject", "\"Ana Bernal\"" },
	{ "sync", "\"waiting\"" },
	{ "tags", "\"fraud\"" },
	{ "text", "\"14 calls to a satellite network, usually none\"" },
	{ "tier", "\"high\"" },
	{ "title", "\"IRSF: 14 calls to +882 in 6 min\"" },
	{ "trunk", "\"SBC-BOG-1\"" },
	{ "user_name", "\"Ana Bernal\"" },
	{ "user_number", "\"4021\"" },
	{ "uuid", "\"2b7e1516-28ae-42a6-ab7f-000000000001\"" },
	{ "version", "\"" CENTINELA_VERSION "\"" },
	{ "what", "\"country\"" },
	{ "who", "\"ana\"" },
	{ "why", "\"closed already\"" },
	{ "zone", "\"America/Bogota\"" },
};

static json_t *example(const json_t *schema, const char *name);

static bool is_word(const json_t *words, const char *word)
{
	size_t i;
	json_t *one;
	json_array_foreach(words, i, one)
		if (strcmp(json_string_value(one), word) == 0)
			return true;
	return false;
}

/* Does a value of this kind stand under the name? A new reference; NULL. */
static json_t *find(const char *name, json_type type, const json_t *words)
{
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		if (strcmp(values[i].name, name) != 0)
			continue;
		json_t *value = json_loads(values[i].json, JSON_DECODE_ANY, NULL);
		assert(value != NULL);
		if (json_typeof(value) == type && (words == NULL || is_word(words, json_string_value(value))))
			return value;
		json_decref(value);
	}
	return NULL;
}

static json_t *object_of(const json_t *properties, const char *name)
{
	const char *key;
	json_t *one, *out = properties == NULL ? find(name, JSON_OBJECT, NULL) : NULL;
	if (out == NULL)
		out = json_object();
	json_object_foreach((json_t *)(uintptr_t)properties, key, one)
		json_object_set_new(out, key, example(one, key));
	return out;
}

static json_t *text_of(const json_t *schema, const char *name)
{
	const json_t *words = json_object_get(schema, "enum");
	if (json_object_get(schema, "format") != NULL)
		return json_string("2026-10-05T09:00:00.000Z");
	json_t *found = find(name, JSON_STRING, words);
	if (found == NULL)
		found = words == NULL ? json_string("") : json_incref(json_array_get(words, 0));
	return found;
}

/* A shape names what there is. */
static json_t *example_named(const char *schema, const char *name)
{
	const struct api_schema *one = api_schemas;
	while (strcmp(one->name, schema) != 0)
		one++;
	json_t *shape = api_schema_json(one->shape), *out = example(shape, name);
	json_decref(shape);
	return out;
}

static json_t *example(const json_t *schema, const char *name)
{
	const char *path = json_string_value(json_object_get(schema, "$ref")), *type = json_string_value(json_object_get(schema, "type"));
	const json_t *either = json_object_get(schema, "anyOf");
	json_t *found;
	if (path != NULL)
		return example_named(strrchr(path, '/') + 1, name);
	if (either != NULL) /* or null */
		return example(json_array_get(either, 0), name);
	switch (*type) {
	case 'o': return object_of(json_object_get(schema, "properties"), name);
	case 'a':
		found = json_array();
		json_array_append_new(found, example(json_object_get(schema, "items"), name));
		return found;
	case 'b':
		found = find(name, JSON_TRUE, NULL);
		return found != NULL ? found : json_false();
	case 'i':
		found = find(name, JSON_INTEGER, NULL);
		return found != NULL ? found : json_integer(1);
	case 'n':
		found = find(name, JSON_REAL, NULL);
		return found != NULL ? found : json_real(1.5);
	}
	return text_of(schema, name);
}

json_t *api_schema_example(const char *name)
{
	return example_named(name, "");
}
